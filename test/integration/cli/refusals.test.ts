import { describe, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { problem, startFakeApi, type Answer } from '../../support/cli/fake-api.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { page, rollcall } from '../../support/cli/rollcall.js';

describe('a refusal of the api', () => {
  test.each([
    [400, 2, 'VALIDATION_FAILED', { field: 'reason' }, 'VALIDATION_FAILED: reason: it says no. Do this\n'],
    [
      401,
      4,
      'UNAUTHENTICATED',
      {},
      'UNAUTHENTICATED: it says no. Put another token into ROLLCALL_TOKEN, or leave it out and log in: rollcall auth login\n',
    ],
    [403, 4, 'FORBIDDEN', {}, 'FORBIDDEN: it says no. Do this\n'],
    [404, 5, 'NODE_NOT_FOUND', {}, 'NODE_NOT_FOUND: it says no. Do this\n'],
    [409, 6, 'NODE_NOT_APPROVED', {}, 'NODE_NOT_APPROVED: it says no. Do this\n'],
    [410, 5, 'NODE_REMOVED', {}, 'NODE_REMOVED: it says no. Do this\n'],
    [500, 1, 'INTERNAL', {}, 'INTERNAL: it says no. Do this\n'],
    [503, 1, 'UNAVAILABLE', {}, 'UNAVAILABLE: it says no. Do this\n'],
  ])('with %i exits with %i and says %s', async (status, code, name, rest, sentence) => {
    const outcome = await rollcall('node approve node-1', () =>
      problem(status, name, 'it says no', { hint: 'Do this', ...rest }),
    );
    expect(outcome).toMatchObject({ code, out: '', err: sentence });
  });

  test('cannot move the cursor', async () => {
    const { err } = await rollcall('node approve node-1', () =>
      problem(409, 'NODE_REJECTED', 'node \u001b[2Jnode-1\nOk'),
    );
    expect(err).toBe('NODE_REJECTED: node node-1 Ok\n');
  });
});

test.each([
  ['an error page', { status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' }],
  ['a page of its own', { status: 200, body: '<html>Welcome</html>', contentType: 'text/html' }],
  ['half an answer', { status: 200, body: '{"items": [', contentType: 'application/json' }],
])('is distinguished from an answer of something else: %s', async (_title, answer: Answer) => {
  const { code, err } = await rollcall('node list', () => answer);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^NO_API: http:\/\/127\.0\.0\.1:\d+ answered \d+ and is no Rollcall api, .* Check the address: --server, ROLLCALL_SERVER or the context file\n$/,
  );
});

test('no answer is an error with the address and exit code 1', async () => {
  const gone = await startFakeApi(() => page([]));
  await gone.stop();
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: gone.url, ROLLCALL_TOKEN: 'rca_x' } });
  expect(await run(['node', 'list'], terminal, new AbortController().signal)).toBe(1);
  expect(terminal.err()).toBe(
    `UNREACHABLE: no api answers at ${gone.url} (connection refused). Start it with npm start, or name another with --server\n`,
  );
});
