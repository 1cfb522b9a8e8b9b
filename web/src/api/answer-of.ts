import type { Outcome } from '../../../client/answer.js';
import { toldProblem } from '../../../client/problem.js';
import { ApiFailure } from './api-failure.js';

/**
 * The answer's body.
 * @throws ApiFailure with the api's own sentence, or `UNREACHABLE` if there is no answer, or it is not the api's
 */
export async function answerOf<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response?.ok && error === undefined) return data as Data;
  const problem = toldProblem(error);
  if (problem !== undefined) throw ApiFailure.of(problem);
  throw new ApiFailure(
    'UNREACHABLE',
    response ? `A proxy before the api answered with status ${response.status}.` : 'The api does not answer.',
  );
}
