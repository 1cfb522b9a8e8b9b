import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { Deprecation } from '../../contract/deprecations.js';

/**
 * Announces deprecated parts of a request by `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to their documentation. Handlers are named like
 * operations.
 */
export class DeprecationInterceptor implements NestInterceptor {
  constructor(private readonly deprecations: readonly Deprecation[]) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const { name } = context.getHandler();
    const request = http.getRequest<FastifyRequest>();
    const used = this.deprecations.filter((row) => row.operation === name && isUsed(row, request));
    if (used.length > 0) http.getResponse<FastifyReply>().headers(headersOf(used));
    return next.handle();
  }
}

function isUsed({ parameter }: Deprecation, { query, body }: FastifyRequest): boolean {
  if (parameter === undefined) return true;
  return [query, body].some((said) => typeof said === 'object' && said !== null && parameter in said);
}

/** Headers for several deprecations: the earliest of each date. */
function headersOf(used: readonly Deprecation[]): Record<string, string> {
  const since = Math.min(...used.map((row) => Date.parse(row.since)));
  const sunset = Math.min(...used.map((row) => Date.parse(row.sunset)));
  return {
    deprecation: `@${since / 1_000}`,
    sunset: new Date(sunset).toUTCString(),
    link: '</docs>; rel="deprecation"; type="text/html"',
  };
}
