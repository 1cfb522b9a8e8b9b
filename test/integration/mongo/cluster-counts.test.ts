import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { filter, merge, Subject, type Observable } from 'rxjs';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import {
  ClusterStore,
  type HeartbeatSums,
  type NeedyNodes,
  type TallyChange,
} from '../../../src/cluster/cluster-store.js';
import { CountedNodes } from '../../../src/cluster/counted-nodes.js';
import { NodeCounts, type NamedNodes, type NodeTally } from '../../../src/cluster/node-counts.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { SUMMARY_INDEX } from '../../../src/mongo/schemas/node.schema.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import type { Quiet } from '../../../contract/health.js';
import { eventually } from '../../support/eventually.js';
import { simulatedFleet } from '../../support/simulated-fleet.js';
import { change, INFO, newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let counted: CountedNodes | undefined;
let nodes: NodeStore;
beforeAll(async () => {
  // With its indexes.
  await stores.get(DatabaseProbe).ready;
  nodes = stores.get(NodeStore);
});
beforeEach(() => stores.clear());
afterEach(() => counted?.beforeApplicationShutdown());
/** MongoDB's, with a change stream that may lose changes. */
class Lossy extends ClusterStore {
  readonly real = stores.get(ClusterStore);
  follows = 0;
  lost = 0;
  isLost: (passing: TallyChange) => boolean = () => false;
  tallies = (uids?: readonly string[]): Promise<Map<string, NodeTally>> => this.real.tallies(uids);
  sumHeartbeats = (of: NamedNodes, quiet: Quiet, timeoutMs: number): Promise<HeartbeatSums> =>
    this.real.sumHeartbeats(of, quiet, timeoutMs);
  needy = (now: number): Promise<NeedyNodes> => this.real.needy(now);
  stopped = (): Promise<string[]> => this.real.stopped();
  fleetSize = (): Promise<number> => this.real.fleetSize();
  seen: TallyChange[] = [];
  /** An error breaks the stream. */
  broken = new Subject<never>();

  follow(following: () => void): Observable<TallyChange> {
    const begun = (): void => {
      this.follows += 1;
      following();
    };
    return merge(this.real.follow(begun), this.broken).pipe(
      filter((passing) => {
        this.seen.push(passing);
        if (!this.isLost(passing)) return true;
        this.lost += 1;
        return false;
      }),
    );
  }
}

/** A replica's count, from when it follows changes. */
async function count(store: ClusterStore = stores.get(ClusterStore)): Promise<CountedNodes> {
  counted = new CountedNodes(store, stores.get(DatabaseProbe), stores.clock);
  counted.onApplicationBootstrap();
  // A change that is seen proves that changes are followed.
  const probe = await nodes.create(newNode('probe'), []);
  await shows(counted, { total: (await stores.get(ClusterStore).tallies()).size });
  await nodes.commitDecision(change(probe, 'remove'));
  await shows(counted, { total: (await stores.get(ClusterStore).tallies()).size });
  return counted;
}

const shows = (it: CountedNodes, summary: object) =>
  eventually(async () => expect((await it.current()).summary).toMatchObject(summary));
const apply = (node: NodeRecord, revision: number, changes: object = {}) =>
  stores.get(MongoNodeProjectionStore).project({ view: view(node, revision, changes), sessionChanges: [], events: [] });

test('counts follow every change of a node, whoever makes it', async () => {
  const store = new Lossy();
  const old = await nodes.create(newNode('old'), []);
  await apply(old, 1, { activeSessions: 3 });
  const it = await count(store);
  await shows(it, {
    total: 1,
    activeSessions: 3,
    byPhase: expect.objectContaining({ ACTIVE: 1 }),
    byLiveness: { HEALTHY: 1, UNHEALTHY: 0, UNKNOWN: 0 },
  });

  const made = await Promise.all(['a', 'b', 'c'].map((name) => nodes.create(newNode(name), [])));
  await shows(it, {
    total: 4,
    byPhase: expect.objectContaining({ ACTIVE: 1, WAITING: 3 }),
    byLiveness: { HEALTHY: 1, UNHEALTHY: 0, UNKNOWN: 3 },
  });
  const [a, b, c] = made as [NodeRecord, NodeRecord, NodeRecord];
  await apply(a, 1, { activeSessions: 2 });
  await apply(a, 2, { activeSessions: 1 });
  await apply(b, 1, { liveness: { value: 'UNHEALTHY', since: NOON, reason: '', by: 'system' } });
  await nodes.commitDecision(change(c, 'remove'));
  await nodes.commitDecision(change(old, 'reject'));
  await shows(it, {
    total: 3,
    activeSessions: 4,
    byPhase: expect.objectContaining({ REJECTED: 1, REMOVED: 0 }),
    byLiveness: { HEALTHY: 2, UNHEALTHY: 1, UNKNOWN: 0 },
  });
  expect((await it.current()).divide(({ liveness }) => liveness === 'UNHEALTHY').those).toEqual([b.uid]);

  // Constant reports of agents cause no update here.
  store.seen = [];
  for (let minute = 0; minute < 5; minute += 1) await nodes.saveInfo(a.uid, { ...INFO, agentVersion: `0.${minute}.0` });
  await apply(a, 3);
  await eventually(() =>
    expect(store.seen).toEqual([
      { uid: a.uid, tally: { type: 'Compute', phase: 'ACTIVE', liveness: 'HEALTHY', activeSessions: 0 } },
    ]),
  );
  expect(await it.check(1)).toBe(0);
});

test('a lost change is noticed by the check, and corrected', async () => {
  const store = new Lossy();
  const [kept, changed, removed] = (await Promise.all(
    ['kept', 'changed', 'removed'].map((name) => nodes.create(newNode(name), [])),
  )) as [NodeRecord, NodeRecord, NodeRecord];
  const it = await count(store);
  store.isLost = ({ uid }) => uid !== kept.uid;
  await apply(changed, 1, { activeSessions: 5 });
  await nodes.commitDecision(change(removed, 'remove'));
  const unseen = await nodes.create(newNode('unseen'), []);
  await apply(kept, 1, { activeSessions: 1 });
  await shows(it, { total: 3, activeSessions: 1 });
  expect(store.lost).toBeGreaterThanOrEqual(3);

  expect(await it.check(1)).toBe(3);
  await shows(it, { total: 3, activeSessions: 6, byLiveness: { HEALTHY: 2, UNHEALTHY: 0, UNKNOWN: 1 } });
  expect((await it.current()).get(unseen.uid)).toMatchObject({ phase: 'WAITING' });
  expect(await it.check(1)).toBe(0);
});

test('a change on its way is not drift', async () => {
  const store = new Lossy();
  const node = await nodes.create(newNode('slow'), []);
  const it = await count(store);
  store.isLost = () => true;
  await apply(node, 1);
  await eventually(() => expect(store.lost).toBeGreaterThan(0));
  // It moves again between the two looks of the check, so the correction is uncertain.
  const real = store.tallies;
  let looks = 0;
  store.tallies = async (uids) => {
    if (++looks === 2) await apply(node, 2, { activeSessions: 9 });
    return real(uids);
  };
  expect(await it.check(1)).toBe(0);
  store.tallies = real;
  expect(await it.check(1)).toBe(1);
});

test('a failed feed is followed again, without missing changes', async () => {
  const store = new Lossy();
  const node = await nodes.create(newNode('one'), []);
  const it = await count(store);
  const { broken } = store;
  store.broken = new Subject();
  broken.error(new Error('no primary'));
  await apply(node, 1, { activeSessions: 7 });
  // Counted on request while nothing is followed.
  stores.clock.advance(1_500);
  await shows(it, { total: 1, activeSessions: 7 });
  await eventually(() => expect(store.follows).toBe(2));
  await apply(node, 2, { activeSessions: 8 });
  await shows(it, { total: 1, activeSessions: 8 });
});

test('a fleet’s heartbeats are summed by node type, and the quiet nodes by their intervals', async () => {
  const heartbeats = stores.get(HeartbeatStore);
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => nodes.create(newNode(name), [])));
  const uids = made.map(({ uid }) => uid);
  for (const [index, uid] of uids.slice(0, 3).entries()) {
    await heartbeats.record([
      { uid, lastSeen: NOON, bootId: 'b', seq: 1, ...(index === 2 && { intervalMs: 60_000 }), resources: RESOURCES },
    ]);
  }
  const quiet = (now: number) => ({ now, missed: 2, intervalMs: 15_000 });
  const store = stores.get(ClusterStore);
  const TIMEOUT = 60_000;
  const all = await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 37_499), TIMEOUT);
  expect(all).toEqual({
    warnings: 0,
    overdue: 0,
    resources: { cpuCores: 12, cpuUsedCores: 3, memoryTotalBytes: 24_000, memoryUsedBytes: 6_000, gpus: 0 },
  });
  expect(await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 37_500), TIMEOUT)).toMatchObject({ warnings: 2 });
  expect(await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 150_000), TIMEOUT)).toMatchObject({ warnings: 3 });
  // Nothing is known of what is overdue; the third was told to beat a quarter as often.
  expect(await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 60_000), TIMEOUT)).toMatchObject({ overdue: 0 });
  expect(await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 60_001), TIMEOUT)).toMatchObject({
    overdue: 2,
    resources: { cpuCores: 4, cpuUsedCores: 1, memoryTotalBytes: 8_000, memoryUsedBytes: 2_000 },
  });
  expect(await store.sumHeartbeats({ allBut: [] }, quiet(NOON + 240_001), TIMEOUT)).toMatchObject({
    overdue: 3,
    resources: { cpuCores: 0 },
  });
  expect(await store.sumHeartbeats({ only: [uids[0] ?? ''] }, quiet(NOON), TIMEOUT)).toMatchObject({
    resources: { cpuCores: 4 },
  });
  expect(await store.sumHeartbeats({ allBut: uids }, quiet(NOON), TIMEOUT)).toMatchObject({
    warnings: 0,
    resources: { cpuCores: 0 },
  });
  expect(await store.fleetSize()).toBe(4);
});

test('a fleet is counted by one index, without reading nodes', async () => {
  const fleet = simulatedFleet(5_000, { heardAt: NOON });
  await stores.connection.collection('nodes').insertMany(fleet.nodes as never[]);
  const store = stores.get(ClusterStore);
  const counts = NodeCounts.of(await store.tallies());
  expect(counts.summary.total).toBe(5_000);
  expect(counts.summary.byPhase).toMatchObject({
    DRAINING: fleet.nodes.filter(({ phase }) => phase === 'DRAINING').length,
  });
  expect(counts.summary.activeSessions).toBe(
    fleet.nodes.reduce((sum, { applied }) => sum + (applied?.view.activeSessions ?? 0), 0),
  );
  expect(counts.differences(await store.tallies())).toEqual([]);
  const plan = await stores.connection
    .collection('nodes')
    .find(
      { living: true, type: { $in: ['Compute', 'Requester'] } },
      { projection: { type: 1, phase: 1, liveness: 1, 'applied.view.activeSessions': 1 }, hint: SUMMARY_INDEX },
    )
    .explain('executionStats');
  expect(plan['executionStats']).toMatchObject({ nReturned: 5_000, totalDocsExamined: 0 });
});
