import { ERRORS } from '../../contract/errors.js';
import { hideSecrets } from '../../contract/hide-secrets.js';
import type { Problem } from '../../contract/schemas/problem.js';
import type { ProblemError } from './problem-error.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as it goes over the wire. */
export interface ProblemAnswer {
  status: number;
  /** Its content-type is {@link PROBLEM_TYPE}. */
  headers: Record<string, string>;
  /** As bytes: to a text Fastify would add a charset, which this type does not have. */
  body: Buffer;
}

/**
 * @param requestId which logs and the document name
 * @param traceId of the trace that the request belongs to, where it belongs to one
 */
export function problemAnswer({ fault, headers }: ProblemError, requestId: string, traceId?: string): ProblemAnswer {
  const { status, title } = ERRORS[fault.code];
  const { detail, field } = fault;
  // Both may repeat what the caller sent, and answers end up in logs of proxies and of other programs.
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
