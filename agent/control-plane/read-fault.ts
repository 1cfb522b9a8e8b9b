import { toldProblem } from '../../client/problem.js';
import { plainText } from '../../contract/plain-text.js';
import type { ToldFault } from './control-plane.js';

/** As all codes are written. */
const CODE = /^[A-Z][A-Z_]{0,63}$/;

/**
 * The fault in a problem document, in words that are safe to log; or undefined where `body` is something else: a proxy's page, another
 * program's error. A newer api has codes that are not known here: the status says what follows.
 */
export function readFault(body: unknown): ToldFault | undefined {
  const problem = toldProblem(body);
  if (problem === undefined || !CODE.test(problem.code)) return undefined;
  const { code, detail, field, hint } = problem;
  return {
    code,
    detail: plainText(detail),
    ...(field === undefined ? {} : { field: plainText(field) }),
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
  };
}
