import { ProblemError } from '../../http/problem-error.js';

/** @param of what of it is in doubt */
export function issuerUnavailable(of: 'of this token' | 'of this login'): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: `the issuer ${of} does not answer, so nobody can tell whether it is good`,
    hint: 'Try again in a moment, or use an api token',
  });
}
