import { beforeAll, expect, test } from '@jest/globals';
import { createActivities } from '../../../activities/create-activities.js';
import type { ActivityPorts, EvidenceRequest } from '../../../activities/ports.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { newNode, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const MINUTE = 60_000;
const NODES = 40;

const stores = useStores();
let uids: string[];
beforeAll(async () => {
  await stores.get(DatabaseProbe).ready;
  const nodes = await Promise.all(
    Array.from({ length: NODES }, (_, index) => stores.get(NodeStore).create(newNode(`node-${index}`), [])),
  );
  uids = nodes.map(({ uid }) => uid);
  const beats = uids.map((uid, index) => ({
    uid,
    lastSeen: NOON - index * 1_000,
    bootId: `boot-${index}`,
    seq: 1,
    resources: RESOURCES,
    ...(index % 2 === 0 && { intervalMs: 30_000 + index }),
  }));
  // The last was never heard.
  await stores.get(HeartbeatStore).record(beats.slice(0, -1));
  const pulses = stores.get(PulseStore);
  await pulses.resume('a', NOON - 50_000);
  await pulses.resume('a', NOON - 20_000);
  await pulses.beat('a', NOON - 1_000);
});
/** Queries to MongoDB meanwhile, as the collections' names. */
async function asked(what: () => Promise<unknown>): Promise<string[]> {
  const { db } = stores.connection;
  if (!db) throw new Error('not connected');
  await db.command({ profile: 2 });
  await what();
  await db.command({ profile: 0 });
  const entries = await db
    .collection('system.profile')
    .find({ op: { $in: ['query', 'command'] } })
    .toArray();
  await db.dropCollection('system.profile');
  return entries
    .map(({ ns }) => String(ns).split('.').at(-1) ?? '')
    .filter((name) => ['heartbeats', 'pulses', 'blindspots'].includes(name))
    .sort();
}

test('concurrent looks are one query, with the same answers as alone', async () => {
  const evidence = stores.get(MongoHeartbeatEvidence);
  const requests: EvidenceRequest[] = uids.map((uid, index) => ({
    uid,
    disconnectTimeoutMs: index % 3 === 0 ? 3_000 : MINUTE,
    ...(index % 5 === 0 && { heardAt: NOON - 10_000 }),
  }));
  const alone = [];
  for (const request of requests) alone.push(await evidence.evidenceFor(request));
  let together: unknown[] = [];
  expect(
    await asked(async () => (together = await Promise.all(requests.map((request) => evidence.evidenceFor(request))))),
  ).toEqual(['blindspots', 'heartbeats', 'pulses']);
  expect(together).toEqual(alone);
  expect(alone.at(-1)).toEqual({ blindMs: 0, now: NOON });
  expect(alone[1]).toEqual({ lastHeartbeat: NOON - 1_000, bootId: 'boot-1', blindMs: 1_000, now: NOON });
  expect(alone[38]).toMatchObject({ lastHeartbeat: NOON - 38_000, intervalMs: 30_038, blindMs: 38_000 });
});

test('the fleet is counted at intervals', async () => {
  const evidence = stores.get(MongoHeartbeatEvidence);
  stores.clock.advance(10_000);
  const sizes: number[] = [];
  expect(
    await asked(
      async () =>
        void sizes.push(
          ...(await Promise.all([evidence.fleetSize(), evidence.fleetSize()])),
          await evidence.fleetSize(),
        ),
    ),
  ).toEqual(['heartbeats']);
  expect(sizes).toEqual([NODES, NODES, NODES]);
  stores.clock.reset(NOON);
});

test('a node with a longer interval is judged by a proportionally longer timeout', async () => {
  const ports = {
    heartbeats: stores.get(MongoHeartbeatEvidence),
    policy: () => ({ disconnectTimeoutMs: MINUTE, unknownTimeoutMs: 5 * MINUTE, removeAfterMs: 0 }),
    heartbeatIntervalMs: 15_000,
    maxLivenessChecksPerSecond: 20,
  };
  const activities = createActivities(ports as Partial<ActivityPorts> as ActivityPorts);
  const [paced, usual] = await Promise.all(
    [30, 31].map((index) => activities.lookForHeartbeat({ uid: uids[index] ?? '' })),
  );
  expect(paced).toMatchObject({
    policy: { disconnectTimeoutMs: (MINUTE * 30_030) / 15_000, unknownTimeoutMs: 5 * MINUTE },
    minimumLookIntervalMs: 2_000,
  });
  expect(paced).not.toHaveProperty('intervalMs');
  expect(usual?.policy.disconnectTimeoutMs).toBe(MINUTE);
});
