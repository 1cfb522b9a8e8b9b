import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../../cli/run.js';
import { exampleNode } from '../../support/cli/example-nodes.js';
import { problem, startFakeApi, type FakeApi } from '../../support/cli/fake-api.js';
import { eventually } from '../../support/eventually.js';
import { fakeTerminal, type FakeTerminalOptions } from '../../support/cli/fake-terminal.js';

/** One command about several nodes; other tests cover the api's decisions. */

const SCREEN = { columns: 120, rows: 40 };
let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi(({ method, path }) => {
    const id = path.split('/')[3] ?? '';
    if (id === 'node-9') return problem(404, 'NODE_NOT_FOUND', 'there is no node node-9');
    if (id === 'node-2' && method !== 'GET') return problem(409, 'NODE_NOT_APPROVED', 'node node-2 awaits approval');
    if (path === '/v1/drains') return { status: 202, body: { id: 'd1', nodes: [], maxUnavailable: 1 } };
    const node = exampleNode(id, { decision: { seq: 2, appliedSeq: 2, unappliedSince: null } });
    return { body: method === 'GET' ? node : { node } };
  });
});
afterEach(() => api.stop());

async function rollcall(words: string, options: FakeTerminalOptions = {}) {
  const terminal = fakeTerminal({ ...options, env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x' } });
  const code = await run(words.split(' '), terminal, AbortSignal.timeout(60_000));
  return { code, out: terminal.out(), err: terminal.err() };
}
const changed = () => api.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

test('a decision is made about each node once, from the command line and from standard input', async () => {
  expect(await rollcall('node approve node-1 - node-3', { stdin: 'node-4\n\n  node-1 node-5\r\n' })).toEqual({
    code: 0,
    out: 'node-1 Ok\nnode-4 Ok\nnode-5 Ok\nnode-3 Ok\n',
    err: '',
  });
  expect(changed()).toEqual(['node-1', 'node-4', 'node-5', 'node-3'].map((id) => `POST /v1/nodes/${id}/approve`));
});

test('a refusal for one is reported and leaves the others; the exit code is that of the first', async () => {
  for (const wait of ['', ' --wait']) {
    api.asked.length = 0;
    expect(await rollcall(`node approve node-1 node-2 node-9 node-3${wait}`)).toEqual({
      code: 6,
      out: 'node-1 Ok\nnode-3 Ok\n',
      err: expect.stringMatching(
        /^NODE_NOT_APPROVED: [^\n]+\nNODE_NOT_FOUND: [^\n]+\nNODE_NOT_APPROVED: 2 of 4 nodes were left as they were, or not waited for to the end\n$/,
      ),
    });
    expect(changed()).toHaveLength(4);
  }
});

test('several nodes are drained as a set, at its pace', async () => {
  expect((await rollcall('node deactivate - --max-unavailable 2', { stdin: 'node-1\nnode-2' })).code).toBe(0);
  expect(api.asked.find(({ path }) => path === '/v1/drains')?.body).toMatchObject({
    nodes: ['node-1', 'node-2'],
    maxUnavailable: 2,
  });
});

test('standard input that is empty or invalid is refused before anything is done', async () => {
  expect(await rollcall('node approve -', { stdin: ' \n' })).toMatchObject({
    code: 2,
    err: 'USAGE: standard input has no id\n',
  });
  expect(await rollcall('node approve node-1 -', { stdin: 'node-3\nNODE_4\n' })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USAGE: standard input has "NODE_4", which is no id\. A node id has [^\n]+\n$/),
  });
  expect((await rollcall('node approve -', { stdin: 'n '.repeat(400_000) })).err).toBe(
    'USAGE: standard input has more than 10000 ids\n',
  );
  expect(changed()).toEqual([]);
});

test('what cannot be undone needs a yes', async () => {
  for (const [stdin, yes] of [['y\n'], ['Yes\n'], ['n\n', '', 1], ['\n', '', 1], ['', '', 1], ['n\n', ' --yes']] as [
    string,
    string?,
    number?,
  ][]) {
    api.asked.length = 0;
    const { code, out, err } = await rollcall(`node delete node-1 node-3${yes ?? ''}`, { stdin, screen: SCREEN });
    const done = stdin.startsWith('y') || stdin.startsWith('Y') || yes === ' --yes';
    expect([stdin, yes, code, changed().length]).toEqual([stdin, yes, done ? 0 : 1, done ? 2 : 0]);
    expect(out).toBe(done ? 'node-1 Ok\nnode-3 Ok\n' : '');
    if (yes === undefined || yes === '')
      expect(err).toContain(
        'Remove a node for good: 2 nodes? To come back, the machine must be registered anew. [y/N] ',
      );
    if (!done) expect(err).toContain('NOT_CONFIRMED: nothing was changed. Answer y, or give --yes\n');
  }
  for (const line of [
    'node reject node-1',
    'node decommission node-1',
    'node token regenerate node-1',
    'session terminate s1',
    'api-token revoke 0001',
    'join-token revoke 0001 -',
    'mass-silence release',
  ]) {
    api.asked.length = 0;
    // After `-` was read to its end there is no answer, which means no.
    expect(await rollcall(line, { stdin: line.endsWith('-') ? '0002' : 'n\n', screen: SCREEN })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/\? [^\n]+\. \[y\/N\] NOT_CONFIRMED: nothing was changed\. [^\n]+\n$/),
    });
    expect([line, changed()]).toEqual([line, []]);
  }
  // What can be undone needs no confirmation; nor does a script.
  expect((await rollcall('node approve node-1', { screen: SCREEN })).err).toBe('');
  expect(await rollcall('node delete node-1')).toEqual({ code: 0, out: 'Ok\n', err: '' });
});

test('labels are set and removed, and the others stay', async () => {
  expect((await rollcall('node label - zone=b pool-', { stdin: 'node-1 node-3' })).out).toBe('node-1 Ok\nnode-3 Ok\n');
  const { labels } = exampleNode('node-1');
  const { pool: _pool, ...rest } = labels;
  expect(api.asked.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body])).toEqual(
    ['node-1', 'node-3'].map((id) => [`/v1/nodes/${id}`, { labels: { ...rest, zone: 'b' } }]),
  );
  expect(await rollcall('node label node-1 zone')).toMatchObject({
    code: 2,
    err: expect.stringContaining('or key- to take it away.'),
  });
  expect((await rollcall('node edit node-1 --description disks')).out).toBe('Ok\n');
  expect(api.asked.at(-1)).toMatchObject({ method: 'PATCH', body: { description: 'disks' } });
});

test('a wait ends when each node has the state; a removed node never has', async () => {
  expect(await rollcall('node wait node-1 node-3 --for HEALTHY')).toMatchObject({
    code: 0,
    out: 'node-1 Ok\nnode-3 Ok\n',
  });
  expect(await rollcall('node wait node-9 --for REMOVED')).toMatchObject({ code: 0, out: 'Ok\n' });
  expect(await rollcall('node wait node-1 node-9 --for ACTIVE')).toMatchObject({
    code: 5,
    out: 'node-1 Ok\n',
    err: expect.stringMatching(/^NODE_NOT_FOUND: [^\n]+\nNODE_NOT_FOUND: 1 of 2 nodes did not become ACTIVE\n$/),
  });
  expect(await rollcall('node wait node-1 --for DRAINED --timeout 1ms')).toMatchObject({
    code: 3,
    err: expect.stringMatching(/TIMEOUT: after 1ms still: node node-1 to be DRAINED; it is ACTIVE, HEALTHY\. /),
  });
  expect((await rollcall('node wait node-1 --for WELL')).code).toBe(2);
});

test('several tokens are revoked at once', async () => {
  expect((await rollcall('join-token revoke 0001 - --yes', { stdin: '0002 0001' })).out).toBe('0001 Ok\n0002 Ok\n');
  expect(changed()).toEqual(['DELETE /v1/join-tokens/0001', 'DELETE /v1/join-tokens/0002']);
});

test('Ctrl-C at a question, or while reading ids or a token, changes nothing', async () => {
  for (const line of ['node delete node-1', 'node approve -', 'auth login --token-stdin']) {
    const interruption = new AbortController();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const terminal = fakeTerminal({ screen: SCREEN, env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x' } });
    const code = run(line.split(' '), { ...terminal, stdin }, interruption.signal);
    await eventually(() => expect(stdin.listenerCount('readable')).toBeGreaterThan(0));
    interruption.abort();
    expect([line, await code, stdin.destroyed]).toEqual([line, 130, true]);
  }
  expect(changed()).toEqual([]);
});

test.each([
  ['drain pause', 'POST /v1/drains/{}/pause', 'were not paused'],
  ['agent-update cancel', 'POST /v1/agent-updates/{}/cancel', 'were not cancelled'],
  ['webhook delete --yes', 'DELETE /v1/webhooks/{}', 'webhooks were not deleted'],
  ['maintenance window delete --yes', 'DELETE /v1/maintenance-windows/{}', 'maintenance windows were not deleted'],
  ['api-token revoke --yes', 'DELETE /v1/api-tokens/{}', 'tokens were not revoked'],
])('%s takes many, from standard input too', async (words, request, failed) => {
  await api.stop();
  const ids = ['0123456789abcdef', 'fedcba9876543210', 'aaaabbbbccccdddd'];
  api = await startFakeApi(({ path }) =>
    path.includes(ids[1] ?? '') ? problem(404, 'NOT_FOUND', 'there is no such thing') : { body: { id: 'x' } },
  );
  expect(await rollcall(`${words} ${ids[0]} -`, { stdin: `${ids[1]}\n${ids[2]}\n` })).toEqual({
    code: 5,
    out: `${ids[0]} Ok\n${ids[2]} Ok\n`,
    err: `NOT_FOUND: there is no such thing\nNOT_FOUND: 1 of 3 ${failed}\n`,
  });
  expect(changed()).toEqual(ids.map((id) => request.replace('{}', id)));
});
