import { ProblemError } from '../http/problem-error.js';

/** One answer for every cause, so that nobody learns which half of a guess was right. */
export function unauthenticated(): ProblemError {
  return new ProblemError({
    code: 'UNAUTHENTICATED',
    detail: 'the credentials are missing, wrong, used up, expired or revoked',
    hint: 'Administrators send `Authorization: Bearer rca_...`; a node whose token no longer works needs a new one: rollcall node token regenerate <id>',
  });
}
