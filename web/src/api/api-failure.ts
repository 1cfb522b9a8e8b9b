import type { ToldProblem } from '../../../client/problem.js';
import type { ErrorCode } from '../../../contract/errors.js';

/** Why a request failed: the api's answer, or that there was none (`UNREACHABLE`). The message is a sentence for people. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    readonly code: ErrorCode | 'UNREACHABLE',
    message: string,
    /** Path of the faulty field: `labels.pool`. */
    readonly field?: string,
    /** The remedy. */
    readonly hint?: string,
  ) {
    super(message);
  }

  static of(problem: ToldProblem): ApiFailure {
    return new ApiFailure(problem.code as ErrorCode, problem.detail, problem.field, problem.hint);
  }
}

/** Any error as one sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
