import { randomUUID } from 'node:crypto';
import { setInterval as every } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { getSession, listNodeEvents } from '../../../client/index.js';
import { SESSIONS, type SessionDocument } from '../../../src/mongo/schemas/session.schema.js';
import { BEFORE_ITS_BEGIN } from '../../../src/sessions/session-record.js';
import { reservationFor } from '../../../contract/sessions.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { running, useSessionCluster } from '../../support/api/session-cluster.js';

/** Sessions when a part becomes silent: nothing stays reserved, and every outcome is right. */

const cluster = useSessionCluster({
  'Orchestrator.NodeManager.DisconnectTimeout': '4s',
  'Orchestrator.NodeManager.UnknownTimeout': '500ms',
  'Orchestrator.Sessions.ConfirmTimeout': '1s',
});

const read = async (id: string, wait = '0s') =>
  (await getSession({ client: cluster.api.admin, path: { id }, query: { wait } })).data;

/** Lets the agent beat during `work`. */
async function beating<Result>(agent: AgentUnderTest, work: () => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const beats = (async () => {
    for await (const _ of every(1_000, undefined, { signal: stop.signal })) await agent.beatOnce();
  })().catch(() => undefined);
  try {
    return await work();
  } finally {
    stop.abort();
    await beats;
  }
}

/** A session that an api was placing when it died: other replicas wait half a minute for it, by their own clocks. */
let abandoned: string;
beforeAll(async () => {
  const sessions = cluster.api.app.get<Connection>(getConnectionToken()).model<SessionDocument>(SESSIONS);
  abandoned = randomUUID();
  await sessions.create({
    _id: abandoned,
    id: abandoned,
    kind: 'managed',
    principal: 'ana',
    statement: 'select 1',
    sql: 'select 1',
    state: 'PLACING',
    reason: '',
    node: null,
    resources: { cpu: 1, memory: 1, disk: 1, gpu: 0 },
    labels: [],
    openedBy: 'admin',
    openedAt: Date.now() - 31_000,
    ...BEFORE_ITS_BEGIN,
  });
});

test('a session that its node never confirms is released; a node that has it all the same is told to end it', async () => {
  const agent = await cluster.node('mute', { pool: 'mute' });
  await beating(agent, async () => {
    const session = await cluster.opened({ labels: { pool: 'mute' } });
    expect(await read(session.id, '30s')).toMatchObject({
      state: 'FAILED',
      reason: 'node mute did not confirm it within 1s',
      node: 'mute',
      startedAt: null,
    });
    expect(await cluster.cacheOf('mute')).toEqual([]);
    await eventually(async () =>
      expect(await cluster.describe('mute')).toMatchObject({ activeSessions: 0, reserved: { cpu: 0, memory: 0 } }),
    );
    expect((await agent.commands()).data).toEqual({ open: [], terminate: [], report: false });
    expect((await agent.report([running(session)])).data).toEqual({ terminate: [session.id] });
    // Until it has ended the node has it, whatever the record says.
    expect(await cluster.cacheOf('mute')).toEqual([expect.objectContaining({ id: session.id, state: 'TERMINATING' })]);
    await agent.report([]);
    expect(await cluster.cacheOf('mute')).toEqual([]);
    expect(await read(session.id)).toMatchObject({ state: 'FAILED' });
    const { data } = await listNodeEvents({ client: cluster.api.admin, path: { id: 'mute' } });
    expect(data?.items).toContainEqual(
      expect.objectContaining({ type: 'SessionsReleased', reason: expect.stringContaining(session.id) }),
    );
  });
}, 60_000);

test('sessions of a node that falls silent are lost; when it is back it is asked which it has, and those run on', async () => {
  const agent = await cluster.node('away', { pool: 'away' });
  const [kept, gone] = await beating(agent, async () => {
    const sessions = [
      await cluster.opened({ labels: { pool: 'away' } }),
      await cluster.opened({ labels: { pool: 'away' } }),
    ] as const;
    await agent.report(sessions.map(running));
    return sessions;
  });
  expect(await read(kept.id, '30s')).toMatchObject({ state: 'LOST', reason: 'their node is lost' });
  expect(await read(gone.id)).toMatchObject({ state: 'LOST' });
  expect((await cluster.open({ labels: { pool: 'away' } })).error).toMatchObject({
    code: 'NO_NODE_FITS',
    detail: expect.stringContaining('1 unknown'),
  });
  await eventually(async () => expect((await agent.beat()).data).toMatchObject({ commands: true }));
  expect((await agent.commands()).data).toEqual({ open: [], terminate: [], report: true });
  await agent.report([running(kept)]);
  expect(await read(kept.id)).toMatchObject({ state: 'RUNNING', reason: '', endedAt: null });
  expect(await read(gone.id)).toMatchObject({ state: 'LOST' });
  expect(await cluster.cacheOf('away')).toEqual([
    expect.objectContaining({ id: kept.id, resources: reservationFor(kept.resources) }),
  ]);
  expect((await agent.commands()).data).toMatchObject({ report: false });
}, 60_000);

test('a thousand sessions of the longest kind fit into what a workflow can be told, and into its history', async () => {
  const agent = await new AgentUnderTest(cluster.api).join(cluster.api.joinToken, 'crowded');
  await agent.beat();
  // Each character is six bytes in JSON, the maximum.
  const [principal, statement] = ['\ud800'.repeat(256), '\ud800'.repeat(200)];
  const worst = Array.from({ length: 1_000 }, (_, index) =>
    runningSession(`s-${index}`.padEnd(64, 'x'), { principal, statement }),
  );
  const usual = Array.from({ length: 1_000 }, () =>
    runningSession(randomUUID(), {
      principal: 'someone@example.com',
      statement: 'select * from orders where day = 7 '.repeat(5),
    }),
  );
  for (const [kind, sessions] of Object.entries({ worst, usual })) {
    const { response, error } = await agent.report(sessions);
    expect([response?.status, error]).toEqual([200, undefined]);
    await eventually(async () => expect(await cluster.cacheOf('crowded')).toHaveLength(1_000));
    const handle = cluster.temporal.env.client.workflow.getHandle('lifecycle-crowded');
    const { events } = await handle.fetchHistory();
    const signal = events?.findLast(
      ({ workflowExecutionSignaledEventAttributes: signaled }) => signaled?.signalName === 'sessionsReported',
    );
    const payload = signal?.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0]?.data?.length ?? 0;
    const { raw } = await handle.describe();
    const history = Number(raw.workflowExecutionInfo?.historySizeBytes);
    process.stdout.write(
      `1,000 sessions, ${kind}: signal of ${Math.round(payload / 1_024)} KiB, history of ${Math.round(history / 1_024)} KiB in ${events?.length} events\n`,
    );
    expect(payload).toBeGreaterThan(100_000);
    expect(payload).toBeLessThan(1.5 * 1_024 ** 2);
  }
}, 180_000);

test('a session whose api died while it was placed is failed by another one', async () => {
  await eventually(
    async () =>
      expect(await read(abandoned)).toMatchObject({
        state: 'FAILED',
        reason: 'the api stopped while it looked for a node',
        node: null,
      }),
    120_000,
  );
}, 180_000);
