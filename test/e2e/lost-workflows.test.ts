import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { activateNode, deactivateNode, rejectNode } from '../../client/index.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import { AgentUnderTest, runningSession } from '../support/api/agent-under-test.js';
import { eventually } from '../support/eventually.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { atEndOfSuite } from '../support/use-in-suite.js';

/** Nodes survive whatever happens to workflows in Temporal, by accident or by an operator. */

const BEAT_EVERY_MS = 500;
/** The census of workflows comes once a minute, and its lease may have to expire first. In milliseconds. */
const CENSUS_WITHIN_MS = 90_000;

const cluster = useCluster(['node-1', 'dead']);
let beating: NodeJS.Timeout;

/** An agent at work, a dead one, one whose node drains, and one whose node is rejected. */
beforeAll(async () => {
  await cluster.agents.get('dead')?.kill();
  const busy = await new AgentUnderTest(cluster).join(cluster.joinToken, 'busy');
  beating = setInterval(() => void beatWithSession(busy).catch(() => undefined), BEAT_EVERY_MS);
  await new AgentUnderTest(cluster).join(cluster.joinToken, 'stranger');
  await eventually(async () => expect((await cluster.lifecycle('busy')).activeSessions).toBe(1));
  await deactivateNode({ client: cluster.admin, path: { id: 'busy' }, body: { reason: 'new disks', deadline: '1h' } });
  await rejectNode({ client: cluster.admin, path: { id: 'stranger' }, body: { message: 'Unauthorized node' } });
  await cluster.status('dead', 'UNKNOWN');
  // The census ignores nodes that are younger than a minute.
  await cluster.db.collection('nodes').updateMany({}, { $inc: { createdAt: -120_000 } });
}, 120_000);

atEndOfSuite(() => clearInterval(beating));

function beatWithSession(agent: AgentUnderTest) {
  return Promise.all([
    agent.beat(),
    agent.reportOnce([runningSession('s1', { startedAt: new Date(0).toISOString() })]),
  ]);
}

/** Resolves when the node has a workflow that continues where `before` ended. */
async function goesOn(name: string, before: LifecycleView): Promise<LifecycleView> {
  const view = await eventually(async () => {
    const found = await cluster.settled(name, 0);
    expect(found.revision).toBeGreaterThan(before.revision);
    return found;
  }, CENSUS_WITHIN_MS);
  expect(view.uid).toBe(before.uid);
  return view;
}

test("all of Temporal's data is lost: every life continues from the record", async () => {
  const names = ['node-1', 'dead', 'busy', 'stranger'];
  const before = new Map(await Promise.all(names.map(async (name) => [name, await cluster.settled(name)] as const)));
  const of = (name: string) => before.get(name) as LifecycleView;
  const { drain } = of('busy');
  expect(drain).toMatchObject({ by: 'admin', reason: 'new disks', remaining: ['s1'] });

  await cluster.temporal.kill();
  for (const suffix of ['', '-wal', '-shm'])
    await rm(join(cluster.home.temporal, `temporal.db${suffix}`), { force: true });
  await cluster.temporal.start();

  expect(await goesOn('busy', of('busy'))).toMatchObject({ phase: 'DRAINING', drain, activeSessions: 1 });
  expect(await goesOn('stranger', of('stranger'))).toMatchObject({
    phase: 'REJECTED',
    approval: of('stranger').approval,
  });
  expect(await goesOn('dead', of('dead'))).toMatchObject({
    phase: 'ACTIVE',
    liveness: of('dead').liveness,
    lastHeartbeat: of('dead').lastHeartbeat,
  });
  const { lastHeartbeat, ...working } = await goesOn('node-1', of('node-1'));
  expect(working).toMatchObject({ phase: 'ACTIVE', liveness: of('node-1').liveness, bootId: of('node-1').bootId });
  await eventually(async () =>
    expect((await cluster.lifecycle('node-1')).lastHeartbeat).toBeGreaterThan(lastHeartbeat ?? 0),
  );
  expect(await cluster.worker.log()).toContain('workflows and nodes did not match');
}, 150_000);

test('a terminated lifecycle is started again by the next decision', async () => {
  const before = await cluster.settled('node-1');
  await cluster.askTemporal(() => cluster.workflow('node-1').terminate('by hand'));
  expect(
    (await deactivateNode({ client: cluster.admin, path: { id: 'node-1' }, query: { wait: '10s' }, body: {} })).response
      ?.status,
  ).toBe(200);
  expect(await goesOn('node-1', before)).toMatchObject({ seq: before.seq + 1, availability: { by: 'admin' } });
});

test('a terminated lifecycle is started again by a census, without any decision', async () => {
  const before = await cluster.settled('busy');
  await cluster.askTemporal(() => cluster.workflow('busy').terminate('by hand'));
  // A worker that starts takes a census at once.
  await cluster.worker.restart();
  expect(await goesOn('busy', before)).toMatchObject({ seq: before.seq, phase: 'DRAINING', drain: before.drain });
}, 120_000);

test('a cancelled lifecycle continues', async () => {
  const { seq } = await cluster.settled('node-1');
  await cluster.askTemporal(() => cluster.workflow('node-1').cancel());
  expect(
    (await activateNode({ client: cluster.admin, path: { id: 'node-1' }, query: { wait: '20s' }, body: {} })).response
      ?.status,
  ).toBe(200);
  expect(await cluster.settled('node-1')).toMatchObject({ seq: seq + 1, phase: 'ACTIVE' });
  const { status, historyLength } = await cluster.askTemporal(() => cluster.workflow('node-1').describe());
  expect(status.name).toBe('RUNNING');
  // Nor does it try to end again and again.
  expect(historyLength).toBeLessThan(1_000);
});
