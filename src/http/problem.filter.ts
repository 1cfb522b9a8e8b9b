import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedMethods } from './allowed-methods.js';
import { problemAnswer } from './problem-document.js';
import { ProblemError } from './problem-error.js';
import { databaseAway, problemOf } from './problem-of.js';
import { traceIdOf } from '../tracing/tracing.js';

/** Answers every exception with a problem document. Unexpected ones are logged, and answered without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  /** @param isUnavailable whether an exception means that a server did not answer, as opposed to a programming error */
  constructor(
    private readonly allowed: AllowedMethods,
    private readonly isUnavailable: (exception: unknown) => boolean,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem =
      this.wrongMethod(exception, request) ??
      problemOf(exception) ??
      this.outage(exception) ??
      this.unforeseen(exception, request);
    if (reply.sent) return;
    const { status, headers, body } = problemAnswer(problem, request.id, traceIdOf(request.headers));
    void reply.status(status).headers(headers).send(body);
  }

  /** Recognizes wrong methods, for which the router only reports a missing route or an unexpected body. */
  private wrongMethod(exception: unknown, request: FastifyRequest): ProblemError | undefined {
    if (exception instanceof ProblemError) return undefined;
    const methods = this.allowed.of(request.url);
    if (methods.length === 0 || methods.includes(request.method)) return undefined;
    const allow = methods.join(', ');
    return new ProblemError(
      { code: 'METHOD_NOT_ALLOWED', detail: `this address does not take ${request.method}`, hint: `Use ${allow}` },
      { allow },
    );
  }

  private outage(exception: unknown): ProblemError | undefined {
    return this.isUnavailable(exception) ? databaseAway() : undefined;
  }

  private unforeseen(exception: unknown, request: FastifyRequest): ProblemError {
    this.logger.error({ err: exception, reqId: request.id, route: request.routeOptions?.url }, 'a request failed');
    return new ProblemError({
      code: 'INTERNAL',
      detail: 'the api failed to answer this request',
      hint: `Look for ${request.id} in the api's log`,
    });
  }
}
