import { expect, test } from '@jest/globals';
import { createApiToken } from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';
import { fails, useReceiver } from '../../support/webhooks/receiver.js';

const { api } = useControlPlane({ 'Orchestrator.Webhooks.AllowPrivate': 'true' });
const receiver = useReceiver();

async function rollcall(words: string[], stdin = '') {
  const terminal = fakeTerminal({ stdin, env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  const code = await run(words, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err() };
}

test('a webhook is made, tested, told again and deleted by the command', async () => {
  const dry = await rollcall(['webhook', 'create', 'on-call', receiver.url, '--dry-run']);
  expect([dry.code, dry.out]).toEqual([0, 'Ok\n']);
  const made = await rollcall(['webhook', 'create', 'on-call', '-', '--severity', 'info'], `${receiver.url}/secret\n`);
  expect(made.out).toMatch(/^whsec_\S+\n$/);
  const id = /Webhook (\w+) was made/.exec(made.err)?.[1] ?? '';
  const listed = await rollcall(['webhook', 'list']);
  expect(listed.out).toContain(`${id}  on-call  cloudevents  ${receiver.url}/…`);
  expect(listed.out).not.toContain('secret');

  receiver.answers.push(fails(410));
  const delivery = (await rollcall(['webhook', 'test', id])).out.trim();
  const dead = ['webhook', 'deliveries', id, '--state', 'DEAD', '-o', 'name'];
  await eventually(async () => expect((await rollcall(dead)).out).toBe(`${delivery}\n`));
  expect((await rollcall(['webhook', 'deliveries', id])).out).toMatch(/DEAD +Test raised +- +1 +HTTP 410/);
  expect((await rollcall(['webhook', 'replay', id, delivery])).out).toBe('Ok\n');
  await eventually(async () => expect((await rollcall(['webhook', 'deliveries', id])).out).toContain('DELIVERED'));

  const deleted = await rollcall(['webhook', 'delete', id]);
  expect([deleted.err, deleted.out]).toEqual(['', 'Ok\n']);
  const gone = await rollcall(['webhook', 'test', id]);
  expect(gone.code).toBe(5);
  expect(gone.err).toContain(`there is no webhook ${id}`);
});

test('PagerDuty is told by a routing key, which comes from standard input alone', async () => {
  const words = ['webhook', 'create', 'pager', `${receiver.url}/v2/enqueue`, '--form', 'pagerduty'];
  const without = await rollcall(words);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('PagerDuty is told by a routing key')]);
  const made = await rollcall([...words, '--secret-stdin'], 'R0123456789ABCDEF0123456789ABCDE\n');
  expect([made.code, made.out]).toEqual([0, '']);
});

test('what an api does without a word is done: a token that is revoked', async () => {
  const body = { name: 'gone-soon', role: 'viewer' } as const;
  const { data } = await createApiToken({ client: api.admin, throwOnError: true, body });
  const { code, out, err } = await rollcall(['api-token', 'revoke', data.apiToken.id]);
  expect([code, out, err]).toEqual([0, 'Ok\n', '']);
});
