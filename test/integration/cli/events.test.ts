import { afterEach, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { problem, startFakeApi, type Answer, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';

let api: FakeApi;
afterEach(() => api.stop());

const said = (position: string, node: string, reason = ''): string =>
  `event: node\nid: ${position}\ndata: ${JSON.stringify({
    id: `event-${position}`,
    at: '2026-11-21T12:00:00.000Z',
    type: 'NodeUnhealthy',
    node,
    uid: '0b0e6ac6-4c4e-4a3e-9d4c-0f4f5c2a0001',
    by: 'system',
    reason,
    from: null,
  })}\n\n`;
const stream = (text: string): Answer => ({ contentType: 'text/event-stream', body: `\n${text}` });
const NEVER = new Promise<Answer>(() => undefined);

/** Each connection gets the next answer; after the last there is none. */
async function rollcall(line: string, answers: (Answer | Promise<Answer>)[]) {
  const left = [...answers];
  api = await startFakeApi(() => left.shift() ?? NEVER);
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x' } });
  const interruption = new AbortController();
  return { terminal, interruption, code: run(line.split(' '), terminal, interruption.signal) };
}

test('prints events over connections that break, until Ctrl-C', async () => {
  const { terminal, interruption, code } = await rollcall('events --severity warning -l pool=a --node node-1', [
    stream(`${said('A1', 'node-1')}: still here\nid: A2\n\n`),
    problem(503, 'UNAVAILABLE', 'the database does not answer'),
    stream(said('A3', 'node-1', 'silent')),
  ]);
  await eventually(() => expect(api.asked.length).toBeGreaterThanOrEqual(4));
  interruption.abort();
  expect(await code).toBe(130);
  expect(terminal.out()).toBe(
    [
      'TIME                      NODE    EVENT          BY      REASON',
      '2026-11-21T12:00:00.000Z  node-1  NodeUnhealthy  system  -',
      '2026-11-21T12:00:00.000Z  node-1  NodeUnhealthy  system  silent',
      '',
    ].join('\n'),
  );
  const [first, ...later] = api.asked.slice(0, 4);
  expect(first?.query.toString()).toBe('node=node-1&label=pool%3Da&severity=warning');
  expect([first, ...later].map((asked) => asked?.headers['last-event-id'])).toEqual([undefined, 'A2', 'A2', 'A3']);
});

test('says when the stream has lost events', async () => {
  const { terminal, interruption, code } = await rollcall('events -o json', [
    stream(said('A1', 'node-1')),
    stream(`event: reset\nid: \ndata: read the nodes anew\n\n`),
  ]);
  await eventually(() => expect(api.asked.length).toBeGreaterThanOrEqual(3));
  interruption.abort();
  expect(await code).toBe(130);
  expect(terminal.err()).toContain('What happened meanwhile is no longer known');
  expect(JSON.parse(terminal.out())).toMatchObject({ node: 'node-1' });
  expect(api.asked[2]?.headers['last-event-id']).toBeUndefined();
});

test("ends with the api's words when it is refused", async () => {
  const { terminal, code } = await rollcall('events', [problem(403, 'FORBIDDEN', 'your role does not allow this')]);
  expect(await code).toBe(4);
  expect(terminal.err()).toContain('FORBIDDEN: your role does not allow this');
});

test('refuses an answer that is no event stream', async () => {
  const { terminal, code } = await rollcall('events', [{ contentType: 'text/html', body: '<h1>Hello</h1>' }]);
  expect(await code).toBe(1);
  expect(terminal.err()).toContain('NO_API');
});

test('escapes what a terminal would act on', async () => {
  const { terminal, interruption, code } = await rollcall('events', [stream(said('A1', 'node-1', 'a\u001b[2Jb'))]);
  await eventually(() => expect(terminal.out()).toContain('node-1'));
  interruption.abort();
  await code;
  expect(terminal.out()).not.toContain('\u001b');
});

test('reports invalid events, and goes on', async () => {
  const { terminal, interruption, code } = await rollcall('events -o json', [
    { contentType: 'text/event-stream', body: 'event: node\nid: A1\ndata: null\n\n' },
    stream(said('A2', 'node-1')),
  ]);
  await eventually(() => expect(terminal.out()).toContain('node-1'));
  interruption.abort();
  expect(await code).toBe(130);
  expect(terminal.err()).toMatch(/^NO_API: http:\S+ answered 200 and is no Rollcall api, [^\n]* \(trying on\)\n/);
});
