import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '../../contract/errors.js';
import { BadCursor } from './page.js';
import { ProblemError } from './problem-error.js';

/** Problems for refusals of Fastify and Nest, by status. */
const BY_STATUS: Record<number, { code: ErrorCode; detail: string; hint?: string }> = {
  400: { code: 'VALIDATION_FAILED', detail: 'the request is not well formed', hint: 'See /openapi.json' },
  // From the static server, for a path outside of its folder.
  403: {
    code: 'NOT_FOUND',
    detail: 'there is nothing at this address',
    hint: 'See /openapi.json for the addresses there are',
  },
  404: {
    code: 'NOT_FOUND',
    detail: 'there is nothing at this address',
    hint: 'See /openapi.json for the addresses there are',
  },
  408: { code: 'VALIDATION_FAILED', detail: 'the request did not arrive in time' },
  413: {
    code: 'PAYLOAD_TOO_LARGE',
    detail: 'the body is larger than this address takes',
    hint: 'At most 64 KiB; 4 KiB for an assertion or a login, 16 KiB for a heartbeat, 4 MiB for a report of sessions or payloads',
  },
  414: { code: 'VALIDATION_FAILED', detail: 'the address is too long' },
  415: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    detail: 'the body is not JSON',
    hint: 'Send it with content-type: application/json',
  },
  503: { code: 'UNAVAILABLE', detail: 'the api is stopping', hint: 'Try again in a moment' },
};

/** The refusal for an exception; undefined for an unexpected one. */
export function problemOf(exception: unknown): ProblemError | undefined {
  if (exception instanceof ProblemError) return exception;
  if (exception instanceof BadCursor) {
    return new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: `cursor: ${exception.message}`,
      field: 'cursor',
      hint: 'Begin again without a cursor',
    });
  }
  const status = statusOf(exception) ?? 0;
  // Other 4xx errors are the caller's.
  const known = BY_STATUS[status] ?? (status > 400 && status < 500 ? BY_STATUS[400] : undefined);
  return known === undefined ? undefined : new ProblemError(known);
}

/** The refusal while MongoDB is unavailable or the record not open. The same request may succeed later. */
export function databaseAway(): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: 'the database does not answer',
    hint: 'Try again in a moment; /readyz tells when it is back',
  });
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  // Fastify's own errors, thrown before Nest has the request.
  if (exception instanceof Error && 'statusCode' in exception) return Number(exception.statusCode);
  return undefined;
}
