import { toldProblem } from '../../client/problem.js';
import { CliFailure, EXIT_CODE, type ExitCode } from '../process/cli-failure.js';
import { plainText } from '../../contract/plain-text.js';

const EXIT_CODES: Readonly<Record<number, ExitCode>> = {
  400: EXIT_CODE.usage,
  401: EXIT_CODE.authentication,
  403: EXIT_CODE.authentication,
  404: EXIT_CODE.notFound,
  409: EXIT_CODE.conflict,
  410: EXIT_CODE.notFound,
  413: EXIT_CODE.usage,
  504: EXIT_CODE.timeout,
};

/**
 * The failure for a reply.
 * @param error the client's result: a problem document, or anything else if the server is not an api
 * @param wayIn hint for an unknown token
 * @param traceId trace of the request, which the api's log has too
 */
export function failureOfReply(
  server: string,
  response: Response | undefined,
  error: unknown,
  wayIn: string,
  traceId?: string,
): CliFailure {
  if (!response)
    return new CliFailure(EXIT_CODE.failure, 'INTERNAL', `the request to ${server} could not be made`, undefined, {
      cause: error,
    });
  const problem = toldProblem(error);
  if (!problem) {
    return new CliFailure(
      EXIT_CODE.failure,
      'NO_API',
      `${server} answered ${response.status} and is no Rollcall api, or a proxy before it failed`,
      'Check the address: --server, ROLLCALL_SERVER or the context file',
      { cause: error },
    );
  }
  const { code, detail, field } = problem;
  // The api's hint for 401 is for authors of HTTP requests.
  const hint = response.status === 401 ? wayIn : problem.hint;
  const exitCode = EXIT_CODES[response.status] ?? EXIT_CODE.failure;
  const named = field === undefined || detail.includes(field) ? detail : `${field}: ${detail}`;
  const ways = [hint === undefined ? undefined : plainText(hint), traceId && `(trace ${traceId})`];
  const way = ways.filter((part) => part !== undefined && part !== '').join(' ');
  return new CliFailure(exitCode, plainText(code), plainText(named), way === '' ? undefined : way, { cause: error });
}
