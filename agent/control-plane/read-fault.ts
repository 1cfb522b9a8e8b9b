import { plainText } from '../../contract/plain-text.js';
import type { ToldFault } from './control-plane.js';

/** As all codes are written. */
const CODE = /^[A-Z][A-Z_]{0,63}$/;

/**
 * The fault in a problem document, in words that are safe to log; or undefined where `body` is something else: a proxy's page, another
 * program's error. A newer api has codes that are not known here: the status says what follows.
 */
export function readFault(body: unknown): ToldFault | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, field, hint } = body as Partial<Record<keyof ToldFault, unknown>>;
  if (typeof code !== 'string' || !CODE.test(code) || typeof detail !== 'string') return undefined;
  return {
    code,
    detail: plainText(detail),
    ...(typeof field === 'string' ? { field: plainText(field) } : {}),
    ...(typeof hint === 'string' ? { hint: plainText(hint) } : {}),
  };
}
