import { beforeAll, expect, test } from '@jest/globals';
import { getNode, listNodes, putInfo } from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { ROLLCALL_VERSION } from '../../../src/process/program.js';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

/** Nodes whose agent is older than the api, from the record to the command's output. */

const api = useApi();
const VERSIONS = {
  current: ROLLCALL_VERSION,
  newer: '99.0.0',
  older: '0.0.9',
  oldest: '0.0.1-rc.2',
  strange: 'built by hand',
};
const OUTDATED = ['older', 'oldest', 'strange'];

beforeAll(async () => {
  for (const [name, agentVersion] of Object.entries(VERSIONS)) {
    const agent = await new AgentUnderTest(api).join(api.joinToken, name);
    expect((await putInfo({ client: agent.client, body: { ...INFO, agentVersion } })).response?.status).toBe(204);
  }
});

const ask = async (query: NonNullable<Parameters<typeof listNodes>[0]>['query']) =>
  (await listNodes({ client: api.admin, query: { total: 'true', ...query } })).data;

async function rollcall(...words: string[]) {
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  const code = await run(words, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}

test('are found by the api, in every order, page by page, and with other filters', async () => {
  for (const sort of ['id', '-createdAt', 'lastHeartbeat', '-phase', 'activeSessions'] as const) {
    const found = await ask({ outdated: 'true', sort });
    expect([sort, found?.items.map(({ id }) => id).toSorted(), found?.total]).toEqual([sort, OUTDATED, 3]);
  }
  const first = await ask({ outdated: 'true', limit: 2 });
  const second = await ask({ outdated: 'true', limit: 2, cursor: first?.nextCursor ?? '' });
  expect([first, second].map((page) => page?.items.map(({ id }) => id))).toEqual([['older', 'oldest'], ['strange']]);
  expect((await ask({ outdated: 'true', q: 'old' }))?.items.map(({ id }) => id)).toEqual(['older', 'oldest']);
  expect((await ask({ outdated: 'true', type: 'Requester' }))?.items).toEqual([]);
  expect((await ask({}))?.total).toBe(6);
});

test('say so, with both versions', async () => {
  const seen = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data?.outdated;
  expect(await seen('older')).toEqual({ agent: '0.0.9', api: ROLLCALL_VERSION });
  expect(await seen('strange')).toEqual({ agent: 'built by hand', api: ROLLCALL_VERSION });
  expect([await seen('current'), await seen('newer'), await seen('node-0')]).toEqual([null, null, null]);
});

test('are listed by --outdated, and warned about in list and description, on stderr if a script reads the table', async () => {
  const warning = `warning: 3 nodes have agents older than the api (${ROLLCALL_VERSION}): rollcall node list --outdated -o wide\n`;
  const listed = await rollcall('node', 'list', '--outdated', '-o', 'name');
  expect(listed.out.trim().split('\n')).toEqual(OUTDATED);
  const plain = await rollcall('node', 'list');
  expect(plain.out.split('\n')[0]).toMatch(/^ID +TYPE +APPROVAL +STATUS$/);
  expect([plain.code, plain.err]).toEqual([0, expect.stringContaining(warning)]);
  const wide = await rollcall('node', 'list', '-o', 'wide');
  expect(wide.out.match(/0\.0\.9 \(outdated\)|99\.0\.0 \(outdated\)/g)).toEqual(['0.0.9 (outdated)']);
  const described = await rollcall('node', 'describe', 'older');
  expect(described.out).toContain(`its agent (0.0.9) is older than the api (${ROLLCALL_VERSION}): upgrade it`);
  expect((await rollcall('node', 'describe', 'current')).out).not.toContain('older than the api');
});
