import type { Fault } from '../../contract/errors.js';

/** A request is refused, and its sender is told why: the filter makes a problem document of it. */
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
