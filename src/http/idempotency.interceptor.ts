import { createHash } from 'node:crypto';
import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, of, switchMap, throwError, type Observable } from 'rxjs';
import { presentedCredential } from '../auth/presented-credential.js';
import { Clock } from '../clock.js';
import { IdempotencyStore, type KeyedRequest, type RecordedAnswer } from './idempotency-store.js';
import { ProblemError } from './problem-error.js';
import { ForeignSeal, SealedAnswer } from './sealed-answer.js';

const HEADER = 'idempotency-key';
const KEY_PATTERN = /^[\x21-\x7e]{1,128}$/;

/**
 * A POST with an Idempotency-Key happens once: repeating it within 24 hours repeats the answer. Administrators only;
 * whatever agents POST is safe to repeat as it is.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(
    private readonly store: IdempotencyStore,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers[HEADER];
    const { caller } = request;
    if (request.method !== 'POST' || key === undefined || caller?.kind !== 'administrator') return next.handle();
    if (typeof key !== 'string' || !KEY_PATTERN.test(key)) {
      throw new ProblemError({ code: 'VALIDATION_FAILED', detail: 'Idempotency-Key: 1 to 128 visible ASCII characters', field: 'Idempotency-Key' });
    }
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const keyed: KeyedRequest = { principal: caller.principal, key, fingerprint: fingerprintOf(request) };
    // Answers may hold a token that is shown once and stored nowhere: only who knows the caller's own secret can read them.
    const sealed = new SealedAnswer(`${presentedCredential(request)?.secret} ${key}`);
    return from(this.store.begin(keyed, this.clock.now())).pipe(
      switchMap((known) => {
        if (known.state === 'done') return of(this.repeat(sealed, known.answer, reply));
        if (known.state === 'new') return this.once(keyed, sealed, next, reply);
        throw new ProblemError(
          known.state === 'reused'
            ? { code: 'IDEMPOTENCY_KEY_REUSED', detail: 'this Idempotency-Key came with another request before', hint: 'Make a new key for a new request' }
            : { code: 'IDEMPOTENCY_KEY_REUSED', detail: 'the first request with this Idempotency-Key is still under way', hint: 'Wait for it, then repeat' },
        );
      }),
    );
  }

  private once(keyed: KeyedRequest, sealed: SealedAnswer, next: CallHandler, reply: FastifyReply): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => from(this.abandon(keyed)).pipe(switchMap(() => throwError(() => error)))),
      concatMap(async (body: unknown) => {
        await this.remember(keyed, { status: reply.statusCode, body: sealed.seal(body) });
        return body;
      }),
    );
  }

  /** What was asked for is done: that it cannot be remembered must not make it look as if it were not. */
  private async remember(keyed: KeyedRequest, answer: RecordedAnswer): Promise<void> {
    try {
      await this.store.complete(keyed, answer);
    } catch (error) {
      this.logger.warn({ msg: 'the answer was not kept: repeating its Idempotency-Key repeats the request', reason: (error as Error).message });
    }
  }

  /** The caller is to hear why the request failed, not that its key is kept for a minute longer. */
  private async abandon(keyed: KeyedRequest): Promise<void> {
    await this.store.abandon(keyed).catch((error: Error) => this.logger.warn({ msg: 'an Idempotency-Key was not set free; it will be in a minute', reason: error.message }));
  }

  private repeat(sealed: SealedAnswer, answer: RecordedAnswer, reply: FastifyReply): unknown {
    let body: unknown;
    try {
      body = sealed.open(answer.body);
    } catch (error) {
      throw error instanceof ForeignSeal ? foreignSeal() : error;
    }
    reply.status(answer.status).header('idempotency-replayed', 'true');
    return body;
  }
}

/** The same person, but with a token or login that they did not have then: what was answered is lost, and doing it again would be wrong. */
function foreignSeal(): ProblemError {
  return new ProblemError({
    code: 'IDEMPOTENCY_KEY_REUSED',
    detail: 'the request was done already, and its answer can be repeated only to the token or login that it was first sent with',
    hint: 'Look at what is there before you make a new key',
  });
}

function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('base64url');
}
