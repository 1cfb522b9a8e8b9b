import type { Problem } from '../../../client/index.js';
import { ApiFailure } from './api-failure.js';

/** What calls of the generated client resolve to, whether they went well or not. */
interface Outcome<Data> {
  data?: Data | undefined;
  error?: unknown;
  response?: Response | undefined;
}

/**
 * The answer's body.
 * @throws ApiFailure with the api's own sentence, or `UNREACHABLE` where the answer is nobody's or none came
 */
export async function answerOf<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response?.ok && error === undefined) return data as Data;
  if (isProblem(error)) throw ApiFailure.of(error);
  throw new ApiFailure(
    'UNREACHABLE',
    response ? `Something before the api answered with status ${response.status}.` : 'The api does not answer.',
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
