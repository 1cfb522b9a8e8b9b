import type { ToldProblem } from '../../../client/problem.js';
import type { ErrorCode } from '../../../contract/errors.js';

/** Why a request came to nothing: what the api said, or that nothing was heard of it (`UNREACHABLE`). The message is a sentence for people. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    readonly code: ErrorCode | 'UNREACHABLE',
    message: string,
    /** The field at fault, as a path: `labels.pool`. */
    readonly field?: string,
    /** The way out. */
    readonly hint?: string,
  ) {
    super(message);
  }

  static of(problem: ToldProblem): ApiFailure {
    return new ApiFailure(problem.code as ErrorCode, problem.detail, problem.field, problem.hint);
  }
}

/** Any error in one sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
