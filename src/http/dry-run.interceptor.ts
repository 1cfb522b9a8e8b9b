import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, Observable, of } from 'rxjs';
import { DryRunAnswer, KeptAnswers } from './kept-answers.js';
import { TAKES_DRY_RUN } from './operation.decorator.js';
import { ProblemError } from './problem-error.js';

const PARAMETER = 'dryRun';

/**
 * `?dryRun=true`: a request is authorized, validated and executed like any other, up to the commit; then its unit of work is aborted, and the answer is
 * what would have been committed. Only for routes that take the parameter by openapi.json; the others refuse it.
 */
@Injectable()
export class DryRunInterceptor implements NestInterceptor {
  constructor(
    private readonly answers: KeptAnswers,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { query, caller } = context
      .switchToHttp()
      .getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>();
    const { [PARAMETER]: wanted } = query;
    // Unknown parameters of agents are ignored.
    if (wanted === undefined || caller?.kind !== 'administrator') return next.handle();
    if (!this.reflector.get<boolean | undefined>(TAKES_DRY_RUN, context.getHandler()))
      throw refusal('this operation has no dry run', 'Leave it out');
    if (wanted !== 'true' && wanted !== 'false') throw refusal('it is true or false', 'Say dryRun=true');
    // Handlers validate the remaining parameters strictly.
    delete query[PARAMETER];
    return wanted === 'true' ? this.dryRun(next, context.switchToHttp().getResponse<FastifyReply>()) : next.handle();
  }

  private dryRun(next: CallHandler, reply: FastifyReply): Observable<unknown> {
    reply.header('dry-run', 'true');
    const handled = new Observable<unknown>((subscriber) =>
      this.answers.withinDryRun(() => next.handle().subscribe(subscriber)),
    );
    return handled.pipe(
      catchError((error: unknown) => {
        if (!(error instanceof DryRunAnswer)) throw error;
        reply.status(error.status);
        return of(error.body);
      }),
    );
  }
}

function refusal(detail: string, hint: string): ProblemError {
  return new ProblemError({ code: 'VALIDATION_FAILED', detail: `${PARAMETER}: ${detail}`, field: PARAMETER, hint });
}
