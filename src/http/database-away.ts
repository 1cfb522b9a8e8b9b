import { ProblemError } from './problem-error.js';

/** What is answered while MongoDB does not, or is not ready to be asked. The same request may succeed later. */
export function databaseAway(): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: 'the database does not answer',
    hint: 'Try again in a moment; /readyz tells when it is back',
  });
}
