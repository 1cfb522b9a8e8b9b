import { ERRORS, type ErrorCode, type Fault } from '../contract/errors.js';

/** The fault in a problem document, or undefined where `body` is something else: a proxy's page, another program's error. */
export function readFault(body: unknown): Fault | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, field, hint } = body as Partial<Record<keyof Fault, unknown>>;
  if (typeof code !== 'string' || !isErrorCode(code) || typeof detail !== 'string') return undefined;
  return { code, detail, ...(typeof field === 'string' ? { field } : {}), ...(typeof hint === 'string' ? { hint } : {}) };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
