import { beforeAll, describe, expect, test } from '@jest/globals';
import { approveNode, createApiToken, createJoinToken, listAlerts } from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';
import { fails, useReceiver } from '../../support/webhooks/receiver.js';

/** Commands about alerts and webhooks. */

const { api } = useControlPlane({
  'Orchestrator.Alerts.Settle': '1s',
  'Orchestrator.Webhooks.AllowPrivate': 'true',
});
const receiver = useReceiver();

async function withInput(stdin: string, ...words: string[]) {
  const terminal = fakeTerminal({ stdin, env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  const code = await run(words, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}
const rollcall = (...words: string[]) => withInput('', ...words);

test('creates, tests, replays and deletes a webhook', async () => {
  const dry = await rollcall('webhook', 'create', 'on-call', receiver.url, '--dry-run');
  expect([dry.code, dry.out]).toEqual([0, 'Ok\n']);
  const made = await withInput(`${receiver.url}/secret\n`, 'webhook', 'create', 'on-call', '-', '--severity', 'info');
  expect(made.out).toMatch(/^whsec_\S+\n$/);
  const id = /Webhook (\w+) was made/.exec(made.err)?.[1] ?? '';
  const listed = await rollcall('webhook', 'list');
  expect(listed.out).toContain(`${id}  on-call  cloudevents  ${receiver.url}/…`);
  expect(listed.out).not.toContain('secret');

  receiver.answers.push(fails(410));
  const delivery = (await rollcall('webhook', 'test', id)).out.trim();
  const dead = ['webhook', 'deliveries', id, '--state', 'DEAD', '-o', 'name'];
  await eventually(async () => expect((await rollcall(...dead)).out).toBe(`${delivery}\n`));
  expect((await rollcall('webhook', 'deliveries', id)).out).toMatch(/DEAD +Test raised +- +1 +HTTP 410/);
  expect((await rollcall('webhook', 'replay', id, delivery)).out).toBe('Ok\n');
  await eventually(async () => expect((await rollcall('webhook', 'deliveries', id)).out).toContain('DELIVERED'));

  const deleted = await rollcall('webhook', 'delete', id);
  expect([deleted.err, deleted.out]).toEqual(['', 'Ok\n']);
  const gone = await rollcall('webhook', 'test', id);
  expect(gone.code).toBe(5);
  expect(gone.err).toContain(`there is no webhook ${id}`);
});

test('creates a PagerDuty webhook whose routing key comes from standard input only', async () => {
  const words = ['webhook', 'create', 'pager', `${receiver.url}/v2/enqueue`, '--form', 'pagerduty'];
  const without = await rollcall(...words);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('PagerDuty is told by a routing key')]);
  const made = await withInput('R0123456789ABCDEF0123456789ABCDE\n', ...words, '--secret-stdin');
  expect([made.code, made.out]).toEqual([0, '']);
});

test('accepts an answer without content, as when a token is revoked', async () => {
  const body = { name: 'gone-soon', role: 'viewer' } as const;
  const { data } = await createApiToken({ client: api.admin, throwOnError: true, body });
  const { code, out, err } = await rollcall('api-token', 'revoke', data.apiToken.id);
  expect([code, out, err]).toEqual([0, 'Ok\n', '']);
});

describe('alerts', () => {
  // After the webhooks, whose deliveries are counted.
  beforeAll(async () => {
    const { data } = await createJoinToken({
      client: api.admin,
      throwOnError: true,
      body: { autoApprove: false, maxUses: 2 },
    });
    for (const name of ['node-1', 'node-2']) await new AgentUnderTest(api).join(data.token, name);
  });

  test('are listed until they are cleared, and after that with --all', async () => {
    await eventually(async () =>
      expect((await rollcall('alert', 'list', '-o', 'columns=S:.subject')).out.split('\n').toSorted()).toEqual([
        '',
        'S',
        'node-1',
        'node-2',
      ]),
    );
    expect((await rollcall('alert', 'list')).out).toMatch(
      /^SINCE +SEVERITY +ALERT +SUBJECT +CLEARED +SUMMARY\n\d+s +info +NodePending +node-\d +- +/,
    );
    expect((await rollcall('alert', 'list', '--kind', 'NodeLost')).out).not.toContain('node-');
    await approveNode({ client: api.admin, throwOnError: true, path: { id: 'node-1' }, body: {} });
    await eventually(async () =>
      expect((await rollcall('alert', 'list', '-o', 'columns=S:.subject')).out).toBe('S\nnode-2\n'),
    );
    const all = (await rollcall('alert', 'list', '--all', '--filter', "@.node == 'node-1' && @.kind == 'NodePending'"))
      .out;
    expect(all).toMatch(/NodePending +node-1 +\d+s +/);
  });

  test('are listed once each over several pages, latest first; a cursor of another list is refused', async () => {
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
});
