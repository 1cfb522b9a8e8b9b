import { toldProblem } from '../../client/problem.js';
import { plainText } from '../../contract/plain-text.js';
import type { ToldFault } from './control-plane.js';

/** The form of all error codes. */
const CODE = /^[A-Z][A-Z_]{0,63}$/;

/**
 * The fault in a problem document, in words that are safe to log; undefined if `body` is something else, such as a proxy's page. A newer
 * api has codes that are unknown here, so decisions depend on the status.
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
