import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isPlaceable, lackingResource } from '../../../contract/placement.js';
import {
  MAX_SESSIONS_PER_NODE,
  NO_RESOURCES,
  sumOfResources,
  type SessionResources,
} from '../../../contract/sessions.js';
import { APPROVALS, AVAILABILITIES, LIVENESSES } from '../../../contract/states.js';
import { EVERYWHERE, Reach } from '../../../src/auth/reach.js';
import type { Candidate, Wish } from '../../../src/sessions/placement/candidate.js';
import { explain } from '../../../src/sessions/placement/explain.js';
import { hindrance } from '../../../src/sessions/placement/hindrance.js';
import { InFlight } from '../../../src/sessions/placement/in-flight.js';
import { NodeQueues } from '../../../src/sessions/placement/node-queues.js';
import { loadAfter, rank } from '../../../src/sessions/placement/rank.js';
import { eventually } from '../../support/eventually.js';

const ROOM: SessionResources = { cpu: 4, memory: 8_000, disk: 100, gpu: 0 };
const SMALL: SessionResources = { cpu: 1, memory: 1_000, disk: 10, gpu: 0 };

function candidate(uid: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    ...{
      uid,
      name: uid,
      labels: {},
      approval: 'APPROVED',
      availability: 'ACTIVE',
      liveness: 'HEALTHY',
      warning: false,
      quarantined: false,
      copied: false,
      revoked: false,
    },
    ...{ capacity: ROOM, reserved: NO_RESOURCES, activeSessions: 0, runsSessions: true },
    ...changes,
  };
}

const wish = (changes: Partial<Wish> = {}): Wish => ({
  ...{ resources: SMALL, labels: {}, strategy: 'spread', reach: EVERYWHERE },
  ...changes,
});

const amounts = fc.record({
  cpu: fc.integer({ min: 0, max: 8 }),
  memory: fc.integer({ min: 0, max: 8_000 }),
  disk: fc.integer({ min: 0, max: 100 }),
  gpu: fc.integer({ min: 0, max: 2 }),
});
const anyLabels = fc.dictionary(fc.constantFrom('pool', 'zone'), fc.constantFrom('a', 'b'));
const anyCandidate = fc
  .record({
    labels: anyLabels,
    // Mostly in service, so that most examples have candidates.
    approval: fc.oneof({ weight: 9, arbitrary: fc.constant('APPROVED' as const) }, fc.constantFrom(...APPROVALS)),
    availability: fc.oneof(
      { weight: 9, arbitrary: fc.constant('ACTIVE' as const) },
      fc.constantFrom(...AVAILABILITIES),
    ),
    liveness: fc.oneof({ weight: 9, arbitrary: fc.constant('HEALTHY' as const) }, fc.constantFrom(...LIVENESSES)),
    warning: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    copied: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    revoked: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    capacity: amounts,
    reserved: amounts,
    activeSessions: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(MAX_SESSIONS_PER_NODE)),
    runsSessions: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  })
  .map((changes) => candidate('', changes));
const fleet = fc
  .array(anyCandidate, { maxLength: 30 })
  .map((nodes) => nodes.map((node, index) => ({ ...node, uid: `uid-${index}` })));
const anyWish = fc.record({
  reach: fc.constantFrom(EVERYWHERE, new Reach('ana', 'operator', [['pool=a'], ['zone']])),
  resources: amounts,
  labels: anyLabels,
  strategy: fc.constantFrom('spread' as const, 'pack' as const),
});

describe('ranking', () => {
  test('picks only nodes in service, with the labels and with room, and as many as there are', () => {
    fc.assert(
      fc.property(fleet, anyWish, fc.integer({ min: 1, max: 40 }), (nodes, wanted, count) => {
        const fits = (node: Candidate) =>
          isPlaceable(node) &&
          node.runsSessions &&
          wanted.reach.includes(node.labels) &&
          Object.entries(wanted.labels).every(([key, value]) => node.labels[key] === value) &&
          node.activeSessions < MAX_SESSIONS_PER_NODE &&
          lackingResource(node.capacity, node.reserved, wanted.resources) === undefined;
        const picked = rank(nodes, wanted, count);
        expect(picked.every(fits)).toBe(true);
        expect(picked).toHaveLength(Math.min(count, nodes.filter(fits).length));
        expect(new Set(picked).size).toBe(picked.length);
      }),
    );
  });

  test('puts the node with the most room first to spread, and the one with the least to pack', () => {
    fc.assert(
      fc.property(fleet, anyWish, fc.integer({ min: 1, max: 10 }), (nodes, wanted, count) => {
        const loads = (strategy: Wish['strategy']) =>
          rank(nodes, { ...wanted, strategy }, count).map((node) => loadAfter(node, wanted));
        const all = nodes
          .filter((node) => hindrance(node, wanted) === undefined)
          .map((node) => loadAfter(node, wanted));
        expect(loads('spread')).toEqual(all.toSorted((a, b) => a - b).slice(0, count));
        expect(loads('pack')).toEqual(all.toSorted((a, b) => b - a).slice(0, count));
      }),
    );
  });

  test('picks any of equal nodes, so that replicas do not agree on one', () => {
    const nodes = Array.from({ length: 50 }, (_, index) => candidate(`uid-${index}`));
    const firsts = new Set(Array.from({ length: 50 }, () => rank(nodes, wish(), 1)[0]?.uid));
    expect(firsts.size).toBeGreaterThan(10);
  });

  test('of 20,000 nodes takes milliseconds', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) =>
      candidate(`uid-${index}`, { reserved: { ...NO_RESOURCES, cpu: (index % 30) / 10 } }),
    );
    rank(nodes, wish(), 8);
    // Processor time, so that other load does not count.
    const begin = process.cpuUsage();
    for (let times = 0; times < 10; times += 1) rank(nodes, wish(), 8);
    const { user, system } = process.cpuUsage(begin);
    expect((user + system) / 1_000 / 10).toBeLessThan(200);
  });
});

describe('why no node takes a session', () => {
  test('counts every node once', () => {
    fc.assert(
      fc.property(fleet, anyWish, (nodes, wanted) => {
        const unfit = nodes.filter((node) => hindrance(node, wanted) !== undefined);
        const sentence = explain(unfit, wanted);
        if (unfit.length === 0) return expect(sentence).toBe('there are no compute nodes');
        const outside = unfit.filter((node) => !wanted.reach.includes(node.labels)).length;
        const inside = unfit.length - outside;
        if (outside > 0) expect(sentence).toMatch(new RegExp(`, and ${outside} nodes? (is|are) outside$`));
        if (inside === 0) return expect(sentence).toMatch(/^no node is in scope: ana is /);
        expect(sentence).toMatch(new RegExp(`^0 of ${inside} nodes?${outside > 0 ? ' in scope' : ''}: `));
        const counts =
          sentence
            .split(/: |; /)[1]
            ?.split(', ')
            .map((part) => Number.parseInt(part, 10)) ?? [];
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(inside);
      }),
    );
  });

  test('is told in words', () => {
    const nodes = [
      ...[1, 2, 3].map((n) => candidate(`u${n}`, { liveness: 'UNHEALTHY' })),
      ...[1, 2].map((n) => candidate(`d${n}`, { availability: 'DRAINING' })),
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => candidate(`m${n}`, { reserved: { ...NO_RESOURCES, memory: 7_500 } })),
    ];
    expect(explain(nodes, wish())).toBe('0 of 12 nodes: 3 unhealthy, 2 draining, 7 lack memory');
    expect(explain([candidate('none', { runsSessions: false })], wish())).toBe('0 of 1 node: 1 runs no sessions');
    expect(explain([candidate('lost', { revoked: true })], wish())).toBe('0 of 1 node: 1 waits for its new token');
    expect(explain(nodes.slice(0, 4), wish({ labels: { pool: 'a' } }))).toBe('0 of 4 nodes: 4 lack label pool=a');
    const others = [
      candidate('a', { approval: 'PENDING' }),
      candidate('b', { liveness: 'UNKNOWN' }),
      candidate('c', { warning: true }),
      candidate('d', { copied: true }),
      candidate('e', { activeSessions: 1_000 }),
      candidate('f'),
    ];
    expect(explain(others, wish(), new Map([['f', { lacks: 'gpu' }]]))).toBe(
      '0 of 6 nodes: 1 not approved, 1 unknown, 1 misses heartbeats, 1 with a copied identity, 1 full of sessions, 1 lacks gpu',
    );
  });
});

describe('why no node takes a session of a caller with a scope', () => {
  const reach = new Reach('ana', 'operator', [['pool=a']]);
  const others = [1, 2, 3].map((n) => candidate(`o${n}`, { labels: { pool: 'b' } }));

  test('counts nodes in scope only, and names the scope', () => {
    const own = [
      candidate('d', { labels: { pool: 'a' }, availability: 'DRAINING' }),
      candidate('m', { labels: { pool: 'a' }, reserved: { ...NO_RESOURCES, memory: 7_500 } }),
    ];
    expect(explain([...own, ...others], wish({ reach }))).toBe(
      '0 of 2 nodes in scope: 1 draining, 1 lacks memory; ana is operator on pool=a only, and 3 nodes are outside',
    );
    expect(explain(own, wish({ reach }))).toBe('0 of 2 nodes: 1 draining, 1 lacks memory');
  });

  test('says so if none is in scope, or left the scope meanwhile', () => {
    expect(explain(others, wish({ reach }))).toBe(
      'no node is in scope: ana is operator on pool=a only, and 3 nodes are outside',
    );
    const left = candidate('left', { labels: { pool: 'a' } });
    expect(explain([left], wish({ reach }), new Map([['left', { outOfReach: true }]]))).toBe(
      'no node is in scope: ana is operator on pool=a only, and 1 node is outside',
    );
  });
});

describe('reservations in flight', () => {
  test('count until the record shows them, and are released at once by a refusal', () => {
    const inFlight = new InFlight();
    const node = candidate('node');
    const [first, second] = [inFlight.begin('node', SMALL), inFlight.begin('node', SMALL)];
    expect(inFlight.added(node, 0)).toMatchObject({ reserved: sumOfResources([SMALL, SMALL]), activeSessions: 2 });
    first.refused();
    second.taken(1_000);
    expect(inFlight.added(node, 1_500)).toMatchObject({ reserved: SMALL, activeSessions: 1 });
    expect(inFlight.added(node, 10_000)).toEqual(node);
  });

  test('spread a burst: forty sessions over ten nodes are four each', () => {
    const inFlight = new InFlight();
    const nodes = Array.from({ length: 10 }, (_, index) => candidate(`uid-${index}`));
    const counts = new Map<string, number>();
    for (let session = 0; session < 40; session += 1) {
      const [best] = rank(
        nodes.map((node) => inFlight.added(node, 0)),
        wish(),
        1,
      );
      inFlight.begin(best?.uid ?? '', SMALL);
      counts.set(best?.uid ?? '', (counts.get(best?.uid ?? '') ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array.from({ length: 10 }, () => 4));
  });
});

test('limit concurrent requests to a node; all are served in turn, and a failure delays nobody', async () => {
  const queues = new NodeQueues();
  let [running, most, done] = [0, 0, 0];
  const open: (() => void)[] = [];
  const all = Array.from({ length: 20 }, (_, index) =>
    queues.run('node', async () => {
      most = Math.max(most, (running += 1));
      await new Promise<void>((resolve) => open.push(resolve));
      running -= 1;
      done += 1;
      if (index === 3) throw new Error('this one fails');
    }),
  );
  const settled = Promise.allSettled(all);
  await eventually(() => {
    for (const resolve of open.splice(0)) resolve();
    expect(done).toBe(20);
  });
  expect((await settled).filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(most).toBe(4);
});
