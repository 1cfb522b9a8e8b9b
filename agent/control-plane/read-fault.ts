import { ERRORS, type ErrorCode, type Fault } from '../../contract/errors.js';
import { plainText } from '../../contract/plain-text.js';

/** The fault in a problem document, in words that are safe to log; or undefined where `body` is something else: a proxy's page, another program's error. */
export function readFault(body: unknown): Fault | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, field, hint } = body as Partial<Record<keyof Fault, unknown>>;
  if (typeof code !== 'string' || !isErrorCode(code) || typeof detail !== 'string') return undefined;
  return {
    code,
    detail: plainText(detail),
    ...(typeof field === 'string' ? { field: plainText(field) } : {}),
    ...(typeof hint === 'string' ? { hint: plainText(hint) } : {}),
  };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
