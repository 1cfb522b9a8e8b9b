import { ERRORS } from '../../contract/errors.js';
import { hideSecrets } from '../../contract/hide-secrets.js';
import type { Problem } from '../../contract/schemas/problem.js';
import type { ProblemError } from './problem-error.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as an HTTP answer. */
export interface ProblemAnswer {
  status: number;
  /** Headers with content-type {@link PROBLEM_TYPE}. */
  headers: Record<string, string>;
  /** Bytes, since Fastify would add a charset to a text, which this media type does not have. */
  body: Buffer;
}

/**
 * @param requestId the request's id, in logs and in the document
 * @param traceId the request's trace, if any
 */
export function problemAnswer({ fault, headers }: ProblemError, requestId: string, traceId?: string): ProblemAnswer {
  const { status, title } = ERRORS[fault.code];
  const { detail, field } = fault;
  // Both may quote the caller, and answers end up in logs of proxies and other programs.
  const hidden = { detail: hideSecrets(detail), ...(field === undefined ? {} : { field: hideSecrets(field) }) };
  const document: Problem = {
    type: `urn:rollcall:problem:${fault.code}`,
    title,
    status,
    ...fault,
    ...hidden,
    instance: `urn:uuid:${requestId}`,
    ...(traceId !== undefined && { traceId }),
  };
  return {
    status,
    headers: { ...defaultHeaders(status), ...headers, 'content-type': PROBLEM_TYPE },
    body: Buffer.from(JSON.stringify(document)),
  };
}

function defaultHeaders(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  if (status === 429 || status === 503) return { 'retry-after': '1' };
  return {};
}
