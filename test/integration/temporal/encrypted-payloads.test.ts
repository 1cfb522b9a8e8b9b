import { describe, expect, jest, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  deactivateNode,
  decommissionNode,
  getNode,
  listNodeSessions,
  openSession,
  rejectNode,
} from '../../../client/index.js';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { LifecyclePorts } from '../../../src/activity-ports/lifecycle-ports.js';
import { runningSession } from '../../support/api/agent-under-test.js';
import { ended, running } from '../../support/api/session-cluster.js';
import { eventually } from '../../support/eventually.js';
import { newPayloadKey, useEncryptedCluster } from '../../support/temporal/encrypted-cluster.js';
import { asText, payloadsIn } from '../../support/temporal/payloads-in.js';

// Other keys, wrong keys and none: test/cluster/temporal/encrypted-lives.test.ts.

const cluster = useEncryptedCluster();
const first = newPayloadKey();
const wait = { query: { wait: '30s' } };

/** Words that must not occur in plain text in Temporal. */
const SECRET = {
  principal: 'principal-of-the-test',
  statement: 'select payroll from statement_of_the_test',
  reason: 'reason-of-the-test',
  failure: 'failure-of-the-test',
};

test('encryption can be switched on during a life, which still reads its plain payloads', async () => {
  await cluster.begin({});
  await cluster.joined('early');
  await deactivateNode({ ...cluster.path('early'), body: { reason: 'in clear' }, ...wait });
  await cluster.becomes('early', { phase: 'DRAINED' });
  expect(asText(await cluster.ofNode('early'))).toContain('in clear');
  expect(await cluster.keyOfClaim()).toBe('');

  cluster.keep(first);
  await cluster.begin(cluster.encrypted);
  await eventually(
    async () => expect((await cluster.readiness()).temporal).toEqual({ ok: true, detail: 'answers' }),
    60_000,
  );
  const activated = await activateNode({ ...cluster.path('early'), body: { reason: SECRET.reason }, ...wait });
  expect(activated.data).toMatchObject({ applied: true, node: { phase: 'ACTIVE' } });
  expect(asText(await cluster.ofNode('early'))).not.toContain(SECRET.reason);
  // A worker without the key has to find out by the claim, before it touches a life.
  await eventually(async () => expect(await cluster.keyOfClaim()).toBe(cluster.idOf(first)), 60_000);
});

describe("Temporal's data of a life", () => {
  test('contains neither principal, statement, reason nor failure in plain text', async () => {
    const fails = jest
      .spyOn(cluster.worker.get(LifecyclePorts, { strict: false }).nodes, 'project')
      .mockRejectedValueOnce(new Error(SECRET.failure));
    const agent = await cluster.joined('sealed');
    const external = runningSession('s1', { principal: SECRET.principal, statement: SECRET.statement });
    await agent.report([external]);
    await cluster.becomes('sealed', { activeSessions: 1 });
    expect((await listNodeSessions(cluster.path('sealed'))).data).toMatchObject({
      source: 'workflow',
      items: [{ principal: SECRET.principal, statement: SECRET.statement }],
    });
    const { data: session, error } = await openSession({
      client: cluster.api.admin,
      body: { principal: SECRET.principal, sql: SECRET.statement, labels: { only: 'sealed' } },
    });
    if (!session) throw new Error(JSON.stringify(error));
    await agent.report([external, running(session)]);
    await cluster.becomes('sealed', { activeSessions: 2 });
    await deactivateNode({
      ...cluster.path('sealed'),
      body: { reason: SECRET.reason, deadline: '1s', onDeadline: 'terminate' },
      ...wait,
    });
    await cluster.becomes('sealed', { phase: 'DRAINING', drain: { reason: SECRET.reason } });
    await eventually(async () => expect((await agent.commands()).data?.terminate).not.toEqual([]), 60_000);
    await agent.report([], [ended(session, 'TERMINATED')]);
    await cluster.becomes('sealed', { phase: 'DRAINED' });
    await rejectNode({ ...cluster.path('sealed'), body: { message: SECRET.reason }, ...wait });
    await approveNode({ ...cluster.path('sealed'), body: { reason: SECRET.reason }, ...wait });
    await decommissionNode({ ...cluster.path('sealed'), body: { reason: SECRET.reason } });
    await eventually(async () => expect((await getNode(cluster.path('sealed'))).response?.status).toBe(404), 60_000);
    expect(fails).toHaveBeenCalled();
    fails.mockRestore();

    const all = await cluster.kept();
    const everything = asText([...all]);
    for (const word of Object.values(SECRET)) expect(everything.includes(word)).toBe(false);
    const runs = all.get(lifecycleWorkflowId('sealed')) ?? [];
    expect(runs.length).toBeGreaterThan(0);
    const payloads = payloadsIn(runs);
    expect(payloads.length).toBeGreaterThan(20);
    expect(payloads.filter(({ keyId }) => keyId !== cluster.idOf(first))).toEqual([]);
    // The failure is there, without its message.
    expect(everything).toContain('Encoded failure');
  });
});
