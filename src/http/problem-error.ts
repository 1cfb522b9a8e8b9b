import type { Fault } from '../../contract/errors.js';

/** A refusal of a request, which the filter turns into a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly fault: Fault,
    /** Response headers that belong to the refusal, such as Allow. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(fault.detail);
  }
}
