import { createHash } from 'node:crypto';
import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, Observable, of, switchMap, throwError } from 'rxjs';
import { presentedCredential } from './presented-credential.js';
import { Clock } from '../mechanics/clock.js';
import { IdempotencyStore, type KeyClaim, type RecordedAnswer } from './idempotency-store.js';
import { KeptAnswers } from './kept-answers.js';
import { TAKES_KEY } from './operation.decorator.js';
import { ProblemError } from './problem-error.js';
import { ForeignSeal, SealedAnswer } from './sealed-answer.js';

const HEADER = 'idempotency-key';
const KEY_PATTERN = /^[\x21-\x7e]{1,128}$/;

/**
 * Executes a change with an Idempotency-Key once: repeating it within `Retention.IdempotencyKeys` repeats the answer. Only for routes that take the header
 * by openapi.json; agents' requests are idempotent by themselves.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(
    private readonly store: IdempotencyStore,
    private readonly answers: KeptAnswers,
    private readonly reflector: Reflector,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers[HEADER];
    const { caller } = request;
    if (
      key === undefined ||
      caller?.kind !== 'administrator' ||
      !this.reflector.get<boolean | undefined>(TAKES_KEY, context.getHandler())
    )
      return next.handle();
    if (typeof key !== 'string' || !KEY_PATTERN.test(key)) {
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: 'Idempotency-Key: 1 to 128 visible ASCII characters',
        field: 'Idempotency-Key',
      });
    }
    // A dry run does nothing that a key could protect.
    if (this.answers.isDryRun) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const claim: KeyClaim = {
      principal: caller.principal,
      key,
      fingerprint: fingerprintOf(request),
      claimedAt: this.clock.now(),
    };
    // Answers may contain a token that is shown once and stored nowhere else, so they are sealed with the caller's own secret.
    const sealed = new SealedAnswer(`${presentedCredential(request)?.secret} ${key}`);
    return from(this.store.begin(claim, claim.claimedAt)).pipe(
      switchMap((known) => {
        if (known.state === 'done') return of(this.repeat(sealed, known.answer, reply));
        if (known.state === 'new') return this.once(claim, sealed, next, reply);
        throw new ProblemError(
          known.state === 'reused'
            ? {
                code: 'IDEMPOTENCY_KEY_REUSED',
                detail: 'this Idempotency-Key came with another request before',
                hint: 'Make a new key for a new request',
              }
            : {
                code: 'IDEMPOTENCY_KEY_REUSED',
                detail: 'the first request with this Idempotency-Key is still under way',
                hint: 'Wait for it, then repeat',
              },
        );
      }),
    );
  }

  private once(claim: KeyClaim, sealed: SealedAnswer, next: CallHandler, reply: FastifyReply): Observable<unknown> {
    // Makes the claim available to everything that the handler does.
    const handled = new Observable<unknown>((subscriber) =>
      this.answers.within({ claim, sealed }, () => next.handle().subscribe(subscriber)),
    );
    return handled.pipe(
      catchError((error: unknown) => from(this.abandon(claim)).pipe(switchMap(() => throwError(() => error)))),
      concatMap(async (body: unknown) => {
        await this.remember(claim, { status: reply.statusCode, body: sealed.seal(body) });
        return body;
      }),
    );
  }

  /**
   * Replaces the answer stored with the change, where the decision was applied meanwhile. Failures are ignored, since the change has been made and must not
   * look as if it had failed.
   */
  private async remember(claim: KeyClaim, answer: RecordedAnswer): Promise<void> {
    try {
      await this.store.complete(claim, answer);
    } catch (error) {
      this.logger.warn({
        msg: 'an answer was not kept: repeating its Idempotency-Key repeats the one that was committed',
        reason: (error as Error).message,
      });
    }
  }

  /** Frees the key. Failures are ignored: the caller should learn why the request failed, not that its key stays taken for a minute. */
  private async abandon(claim: KeyClaim): Promise<void> {
    await this.store
      .abandon(claim)
      .catch((error: Error) =>
        this.logger.warn({ msg: 'an Idempotency-Key was not set free; it will be in a minute', reason: error.message }),
      );
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

/** The same person with another token or login: the answer cannot be opened, and executing the request again would be wrong. */
function foreignSeal(): ProblemError {
  return new ProblemError({
    code: 'IDEMPOTENCY_KEY_REUSED',
    detail:
      'the request was done already, and its answer can be repeated only to the token or login that it was first sent with',
    hint: 'Look at what is there before you make a new key',
  });
}

function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([request.method, request.url, request.body ?? null]))
    .digest('base64url');
}
