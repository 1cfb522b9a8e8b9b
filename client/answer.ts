import { toldProblem, RollcallError, RollcallProblem, RollcallUnreachable } from './problem.js';

/** Result of the generated functions, on success and on failure. */
export interface Outcome<Data> {
  data?: Data | undefined;
  error?: unknown;
  response?: Response | undefined;
}

/**
 * The data of an answer.
 * @throws RollcallProblem if the api refused, RollcallUnreachable if no api answered, or an aborted signal's reason
 */
export async function answer<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response?.ok && error === undefined && !isPage(response)) return data as Data;
  throw errorOf(error, response);
}

/** A proxy before the api redirects to a sign-in page: no operation of the api answers like this. */
function isPage({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/html') ?? false;
}

/** @param body the parsed body of a refusal, or the error instead of one */
export function errorOf(body: unknown, response: Response | undefined): unknown {
  if (body instanceof RollcallError || isAbort(body)) return body;
  if (response === undefined) return new RollcallUnreachable('the api does not answer', undefined, body);
  const problem = toldProblem(body);
  if (problem !== undefined) return new RollcallProblem(problem, response.status);
  return new RollcallUnreachable(
    `something that is no api answered with status ${response.status}`,
    response.status,
    body,
  );
}

/** Reasons of signals that were aborted without one, or by a timeout. */
function isAbort(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'AbortError' || name === 'TimeoutError';
}
