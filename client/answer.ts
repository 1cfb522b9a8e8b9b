import { toldProblem, RollcallError, RollcallProblem, RollcallUnreachable } from './problem.js';

/** What the generated functions resolve to, whether they went well or not. */
export interface Outcome<Data> {
  data?: Data | undefined;
  error?: unknown;
  response?: Response | undefined;
}

/**
 * The data of an answer.
 * @throws RollcallProblem where the api refused, RollcallUnreachable where no api answered, and whatever an aborted signal has as its reason
 */
export async function answer<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response?.ok && error === undefined && !isPage(response)) return data as Data;
  throw errorOf(error, response);
}

/** Something before the api shows people where to sign in: no operation answers so. */
function isPage({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/html') ?? false;
}

/** @param body what a refusal was read as, or why there was none */
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

/** As signals have it that were aborted without a reason, or by their time. */
function isAbort(error: unknown): boolean {
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'AbortError' || name === 'TimeoutError';
}
