import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { decide } from '../../../contract/decision.js';
import type { Phase } from '../../../contract/phase.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { IdempotencyStore } from '../../../src/http/idempotency-store.js';
import { KeptAnswers } from '../../../src/http/kept-answers.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import { MassSilenceStore } from '../../../src/silence/mass-silence-store.js';
import { MassSilenceWatch } from '../../../src/silence/mass-silence-watch.js';
import { MassSilences } from '../../../src/silence/mass-silences.js';
import { newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { NOON } from '../../support/manual-clock.js';
import { useOwnMongod } from '../../support/servers/mongod.js';
import { useStores } from '../../support/mongo/open-stores.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

const SECOND = 1_000;
const TIMEOUT = 60 * SECOND;
const RULE = { share: 0.25, atLeast: 10 };
const ALICE = { by: 'alice', from: '127.0.0.1' };

const stores = useStores(useOwnMongod());
beforeEach(() => stores.clear());
/** Nodes that were just heard. */
async function fleet(size: number, changes: Parameters<typeof newNode>[1] = {}): Promise<NodeRecord[]> {
  const nodes = await Promise.all(
    Array.from({ length: size }, (_, index) =>
      stores.get(NodeStore).create(newNode(`${changes?.type ?? 'node'}-${index}`.toLowerCase(), changes), []),
    ),
  );
  await Promise.all(
    nodes.map((node) =>
      stores.get(MongoNodeProjectionStore).project({ view: view(node, 1), sessionChanges: [], events: [] }),
    ),
  );
  await beat(nodes);
  return nodes;
}

let seq = 0;
async function beat(nodes: readonly NodeRecord[]): Promise<void> {
  seq += 1;
  await stores
    .get(HeartbeatStore)
    .record(nodes.map(({ uid }) => ({ uid, lastSeen: stores.clock.now(), bootId: 'boot', seq, resources: RESOURCES })));
  await stores.get(PulseStore).beat('api', stores.clock.now());
}

/** As in the record after the node's workflow has reported it. */
async function become(node: NodeRecord, phase: Phase): Promise<void> {
  await stores.connection.collection('nodes').updateOne({ _id: node.uid as never }, { $set: { phase } });
}

/** A worker that has just started, and looks at each call. */
function worker(rule = RULE): { look: () => Promise<string> } {
  const said: string[] = [];
  const note = (entry: Record<string, unknown>) => void said.push(String(entry['msg']));
  const make = () =>
    new MassSilenceWatch(stores.get(MassSilenceStore), stores.get(MongoHeartbeatEvidence), rule, stores.clock, {
      warn: note,
      log: note,
    });
  let watch = make();
  return {
    look: async () => {
      // What it knew for half a second is out of date.
      const before = watch;
      watch = make();
      Object.assign(watch, { searchedUntil: (before as unknown as { searchedUntil?: number }).searchedUntil });
      const [latest] = await watch.look(TIMEOUT);
      return latest === undefined
        ? 'nothing'
        : latest.endedAt === null
          ? `${latest.silent} of ${latest.beating}`
          : `ended by ${latest.endedBy}`;
    },
  };
}

async function alarms(): Promise<string[]> {
  const { items } = await stores
    .get(EventStore)
    .audit({ types: ['MassSilenceBegan', 'MassSilenceEnded', 'MassSilenceReleased'], limit: 100 });
  return items.map(({ type, by }) => `${type} by ${by}`).toReversed();
}

const silences = () =>
  new MassSilences(
    stores.get(MassSilenceStore),
    stores.get(UnitOfWork),
    new KeptAnswers(stores.get(IdempotencyStore)),
    stores.clock,
    new MetricRegistry(),
  );

/** Time passes in which these beat every 15 s. */
async function pass(ms: number, beating: readonly NodeRecord[]): Promise<void> {
  for (let left = ms; left > 0; left -= 15 * SECOND) {
    stores.clock.advance(Math.min(15 * SECOND, left));
    await beat(beating);
  }
}

describe('a mass silence', () => {
  test('is when enough nodes fall silent within one timeout: one alarm, whichever workers look', async () => {
    const nodes = await fleet(40);
    const [one, two] = [worker(), worker()];
    await pass(TIMEOUT - SECOND, nodes.slice(0, 20));
    expect(await one.look()).toBe('nothing');
    await pass(2 * SECOND, nodes.slice(0, 20));
    expect(await Promise.all([one.look(), two.look()])).toEqual(['20 of 40', '20 of 40']);
    expect(await alarms()).toEqual(['MassSilenceBegan by system']);
    expect(await silences().current()).toMatchObject({
      since: new Date(NOON).toISOString(),
      silent: 20,
      mostSilent: 20,
      beating: 40,
      endedAt: null,
      endedBy: null,
    });
  });

  test.each([
    ['a share of the fleet that may well die by itself', 40, 10],
    ['a rack in a large fleet', 100, 12],
    ['a small fleet, all of it', 9, 9],
  ])('is not %s', async (_title, size, silent) => {
    const nodes = await fleet(size);
    const { look } = worker();
    await pass(2 * TIMEOUT, nodes.slice(silent));
    expect(await look()).toBe('nothing');
    expect(await alarms()).toEqual([]);
  });

  test('is not a slow trickle: of 40 nodes 5 die in each timeout until nearly all are dead', async () => {
    const nodes = await fleet(40);
    const { look } = worker();
    for (let dead = 5; dead <= 30; dead += 5) {
      await pass(TIMEOUT, nodes.slice(dead));
      expect(await look()).toBe('nothing');
    }
    // Nor is it for a worker that starts only now, and sees all of them silent.
    expect(await worker().look()).toBe('nothing');
  });

  test('is found by the first worker, even if it began while none ran', async () => {
    const nodes = await fleet(40);
    await pass(10 * TIMEOUT, nodes.slice(0, 1));
    expect(await worker().look()).toBe('39 of 40');
  });

  test('does not include what was judged long ago: nodes that are UNKNOWN since before this worker started', async () => {
    const nodes = await fleet(40);
    const condition = { since: NOON, reason: '', by: 'system' };
    await Promise.all(
      nodes.slice(0, 20).map((node) =>
        stores.get(MongoNodeProjectionStore).project({
          view: view(node, 2, { liveness: { value: 'UNKNOWN', ...condition } }),
          sessionChanges: [],
          events: [],
        }),
      ),
    );
    await pass(10 * TIMEOUT, nodes.slice(20));
    expect(await worker().look()).toBe('nothing');
  });

  test('counts replicas, and rejected, drained and stopped nodes neither as silent nor as beating', async () => {
    await fleet(20, { type: 'Requester' });
    const nodes = await fleet(60);
    await Promise.all(nodes.slice(0, 15).map((node) => become(node, 'REJECTED')));
    await Promise.all(nodes.slice(15, 30).map((node) => become(node, 'DRAINED')));
    await Promise.all(
      nodes.slice(30, 45).map(({ uid }) => stores.get(HeartbeatStore).recordGoodbye(uid, 'boot', NOON)),
    );
    const { look } = worker();
    await pass(2 * TIMEOUT, nodes.slice(50));
    expect(await look()).toBe('nothing');
    // The remaining fifteen alone: ten of them are 67 in a hundred.
    await beat(nodes.slice(45));
    await pass(TIMEOUT, nodes.slice(55));
    expect(await look()).toBe('10 of 15');
  });

  test('does not include time in which no api could record heartbeats', async () => {
    const nodes = await fleet(40);
    stores.clock.advance(10 * TIMEOUT);
    await stores.get(PulseStore).resume('api', stores.clock.now());
    const { look } = worker();
    expect(await look()).toBe('nothing');
    // It is not over until its agents have tried again, which they do within an interval and a half of 15 s.
    await pass(TIMEOUT + 22 * SECOND, []);
    expect(await look()).toBe('nothing');
    await pass(2 * SECOND, nodes.slice(20));
    expect(await look()).toBe('20 of 40');
  });

  test('is disabled by a share of 1', async () => {
    await fleet(40);
    await pass(2 * TIMEOUT, []);
    expect(await worker({ share: 1, atLeast: 10 }).look()).toBe('nothing');
  });
});

describe('a mass silence ends', () => {
  async function silenced(): Promise<{ nodes: NodeRecord[]; look: () => Promise<string> }> {
    const nodes = await fleet(40);
    const { look } = worker();
    await pass(TIMEOUT + SECOND, []);
    expect(await look()).toBe('40 of 40');
    return { nodes, look };
  }

  test('when most nodes are heard again and the rest would be no mass silence', async () => {
    const { nodes, look } = await silenced();
    await pass(TIMEOUT, nodes.slice(0, 15));
    expect(await look()).toBe('25 of 40');
    await pass(15 * SECOND, nodes.slice(0, 29));
    // 11 are more than a quarter, so it lasts.
    expect(await look()).toBe('11 of 40');
    await pass(15 * SECOND, nodes.slice(0, 31));
    expect(await look()).toBe('ended by system');
    await pass(5 * TIMEOUT, nodes.slice(0, 31));
    expect(await look()).toBe('ended by system');
    expect(await worker().look()).toBe('ended by system');
    expect(await alarms()).toEqual(['MassSilenceBegan by system', 'MassSilenceEnded by system']);
    // The next one is another.
    await pass(2 * TIMEOUT, []);
    expect(await look()).toBe('31 of 31');
  });

  test('when a person releases it; nodes that are silent by then do not cause another one', async () => {
    const { nodes, look } = await silenced();
    await pass(15 * SECOND, nodes.slice(0, 12));
    expect(await silences().release('the hall burnt down', ALICE)).toMatchObject({ endedBy: 'alice', silent: 40 });
    await expect(silences().release('', ALICE)).rejects.toMatchObject({ fault: { code: 'NO_MASS_SILENCE' } });
    expect(await silences().current()).toBeNull();
    await pass(5 * TIMEOUT, []);
    expect(await look()).toBe('ended by alice');
    expect(await alarms()).toEqual(['MassSilenceBegan by system', 'MassSilenceReleased by alice']);
  });

  test('without removed nodes, which are no longer silent', async () => {
    const { nodes, look } = await silenced();
    await pass(15 * SECOND, nodes.slice(0, 10));
    for (const node of nodes.slice(10, 38)) {
      const decision = decide(node.decision, 'remove', { at: stores.clock.now(), by: 'alice', reason: '' });
      await stores.get(NodeStore).commitDecision({
        uid: node.uid,
        expectedSeq: node.decision.seq,
        decision,
        event: {
          id: randomUUID(),
          uid: node.uid,
          node: node.name,
          at: NOON,
          type: 'NodeRemoved',
          by: 'alice',
          reason: '',
          from: null,
        },
      });
    }
    expect(await look()).toBe('ended by system');
  });
});

describe('the time of a mass silence', () => {
  test('does not count against a node while it lasts and after it ended by itself; after a release it does', async () => {
    const nodes = await fleet(40);
    const at = () =>
      new MassSilenceWatch(stores.get(MassSilenceStore), stores.get(MongoHeartbeatEvidence), RULE, stores.clock, {
        warn: () => undefined,
        log: () => undefined,
      }).heldSince(NOON, TIMEOUT);
    expect(await at()).toBe(0);
    await pass(2 * TIMEOUT, []);
    expect(await at()).toBe(2 * TIMEOUT);
    await pass(TIMEOUT, nodes.slice(0, 1));
    expect(await at()).toBe(3 * TIMEOUT);
    await beat(nodes.slice(5));
    expect(await at()).toBe(3 * TIMEOUT);
    await pass(2 * TIMEOUT, nodes.slice(5));
    expect(await at()).toBe(3 * TIMEOUT);

    await pass(2 * TIMEOUT, []);
    expect(await at()).toBe(5 * TIMEOUT);
    await silences().release('', ALICE);
    expect(await at()).toBe(3 * TIMEOUT);
  });
});
