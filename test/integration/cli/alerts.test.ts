import { beforeAll, expect, test } from '@jest/globals';
import { approveNode, createJoinToken, listAlerts } from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';

const { api } = useControlPlane({ 'Orchestrator.Alerts.Settle': '1s' });

async function list(...options: string[]) {
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  const code = await run(['alert', 'list', ...options], terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}

beforeAll(async () => {
  const { data } = await createJoinToken({
    client: api.admin,
    throwOnError: true,
    body: { autoApprove: false, maxUses: 2 },
  });
  for (const name of ['node-1', 'node-2']) await new AgentUnderTest(api).join(data.token, name);
});

test('what is raised is listed until it is cleared, and after that by --all', async () => {
  await eventually(async () =>
    expect((await list('-o', 'columns=S:.subject')).out.split('\n').toSorted()).toEqual(['', 'S', 'node-1', 'node-2']),
  );
  expect((await list()).out).toMatch(
    /^SINCE +SEVERITY +ALERT +SUBJECT +CLEARED +SUMMARY\n\d+s +info +NodePending +node-\d +- +/,
  );
  expect((await list('--kind', 'NodeLost')).out).not.toContain('node-');
  await approveNode({ client: api.admin, throwOnError: true, path: { id: 'node-1' }, body: {} });
  await eventually(async () => expect((await list('-o', 'columns=S:.subject')).out).toBe('S\nnode-2\n'));
  const all = (await list('--all', '--filter', "@.node == 'node-1' && @.kind == 'NodePending'")).out;
  expect(all).toMatch(/NodePending +node-1 +\d+s +/);
});

test('pages of the API say each once, the latest first; a cursor of another list is refused', async () => {
  const ask = (query: object) => listAlerts({ client: api.admin, throwOnError: true, query });
  const { items } = (await ask({ kind: 'NodePending' })).data;
  expect(items).toHaveLength(2);
  const first = (await ask({ kind: 'NodePending', limit: 1 })).data;
  const second = (await ask({ kind: 'NodePending', limit: 1, cursor: first.nextCursor })).data;
  expect([...first.items, ...second.items]).toEqual(items);
  expect(second.nextCursor).toBeNull();
  const { error } = await listAlerts({ client: api.admin, query: { cursor: 'nonsense' } });
  expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'cursor' });
});
