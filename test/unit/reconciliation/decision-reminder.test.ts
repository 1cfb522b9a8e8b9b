import { beforeEach, describe, expect, test } from '@jest/globals';
import { firstDecision } from '../../../contract/decision.js';
import type { LastHeartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import type { NodeRecord } from '../../../src/record/node-record.js';
import { StartPacing } from '../../../src/lifecycle/start-pacing.js';
import { DecisionReminder } from '../../../src/reconciliation/decision-reminder.js';
import { LifecycleRefused } from '../../../src/lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';
import { StuckLifecycles } from '../../../src/reconciliation/stuck-lifecycles.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { ManualClock, NOON } from '../../support/manual-clock.js';
import { RESOURCES } from '../../support/mongo/node-fixtures.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

/** What is said, in order: how and of which node. */
class Told {
  readonly said: string[] = [];
  readonly refusing = new Set<string>();
  ensureStarted = async (node: NodeRecord) => {
    if (this.refusing.has(node.uid)) throw new LifecycleRefused('exceeded workflow execution limit for signal events');
    this.said.push(`start ${node.name}`);
    return this.running.has(node.uid) ? ('runs' as const) : ('started' as const);
  };
  startHeard = async (node: NodeRecord, { bootId }: { bootId: string }) =>
    void this.said.push(`start ${node.name} ${bootId}`);
  signalDecision = async (node: NodeRecord) => void this.said.push(`signal ${node.name}`);
  rebuild = async (node: NodeRecord) => void this.said.push(`rebuild ${node.name}`);
  constructor(readonly running: Set<string>) {}
  take(): string[] {
    return this.said.splice(0);
  }
}

class Nodes extends ReconciliationStore {
  readonly waiting = new Map<string, NodeRecord>();
  unapplied = async (except: readonly string[], limit: number) =>
    [...this.waiting.values()]
      .filter(({ uid }) => !except.includes(uid))
      .slice(0, limit)
      .map(toUnapplied);
  stillUnapplied = async (uids: readonly string[]) =>
    [...this.waiting.values()].filter(({ uid }) => uids.includes(uid)).map(toUnapplied);
  read = async (uids: readonly string[]) => uids.flatMap((uid) => this.waiting.get(uid) ?? []);
  settle = () => Promise.resolve();
  backlog = async () => ({ unapplied: this.waiting.size, oldestMs: 0 });
  sessionDrifts = () => Promise.resolve([]);
  endReportsOfRemoved = () => Promise.resolve();
  mendLists = () => Promise.resolve(0);
  async *begun() {}
  async *told() {}
}

const toUnapplied = ({ uid, decision }: NodeRecord) => ({ uid, seq: decision.seq });

class NoWorkflows extends LifecycleWorkflows {
  incarnationOf = () => Promise.resolve(null);
  isOurs = () => Promise.resolve(false);
  async *running() {}
  async *leftBehind() {}
  doesNotReplay = () => Promise.resolve(false);
  endOf = () => Promise.resolve(null);
  terminate = () => Promise.resolve();
}

let clock: ManualClock;
let nodes: Nodes;
let told: Told;
let heard: Map<string, LastHeartbeat>;
let reminder: DecisionReminder;
beforeEach(() => {
  clock = new ManualClock(NOON);
  nodes = new Nodes();
  told = new Told(new Set());
  heard = new Map();
  const workflows = new NoWorkflows();
  const stuck = new StuckLifecycles(
    told,
    workflows,
    { check: async () => undefined },
    clock,
    {
      log: () => undefined,
      warn: () => undefined,
    },
    new MetricRegistry(),
  );
  reminder = new DecisionReminder(nodes, { read: async () => heard }, told, workflows, stuck, clock);
});

/** The first pass sees them for the first time, and leaves them to the api for a moment. */
async function joins(count: number, as = 'n'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const name = `${as}-${index}`;
    const decision = firstDecision({ at: NOON, by: 'alice', reason: '', registered: true, approval: 'APPROVED' });
    nodes.waiting.set(name, {
      uid: name,
      name,
      type: 'Compute',
      living: true,
      decision,
      applied: null,
      createdAt: NOON,
    } as unknown as NodeRecord);
  }
  await reminder.pass();
}

const hears = (name: string) =>
  heard.set(name, { uid: name, lastSeen: NOON, bootId: 'b', seq: 1, resources: RESOURCES, earlierBoots: [] });

describe('a crowd', () => {
  test('is started as fast as workflows answer', async () => {
    await joins(500);
    clock.advance(2_000);
    expect(await reminder.pass()).toMatchObject({ said: 60, othersWait: true });
    expect(told.take()).toEqual(Array.from({ length: 60 }, (_, index) => `start n-${index}`));
    clock.advance(200);
    expect(await reminder.pass()).toMatchObject({ said: 0, othersWait: true });
    for (let index = 0; index < 25; index += 1) nodes.waiting.delete(`n-${index}`);
    clock.advance(200);
    expect(await reminder.pass()).toMatchObject({ said: 25, othersWait: true });
    expect(told.take()).toEqual(Array.from({ length: 25 }, (_, index) => `start n-${60 + index}`));
  });

  test('begins with those that were heard, which settle with their start', async () => {
    await joins(200);
    hears('n-150');
    hears('n-199');
    clock.advance(2_000);
    await reminder.pass();
    expect(told.take().slice(0, 3)).toEqual(['start n-150 b', 'start n-199 b', 'start n-0']);
  });

  test('whose workflows wait for the worker is left in peace for a minute, and others get their turn then', async () => {
    await joins(61);
    clock.advance(2_000);
    await reminder.pass();
    told.take();
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1_000);
      await reminder.pass();
    }
    expect(told.take()).toEqual([]);
    for (let index = 0; index < 60; index += 1) told.running.add(`n-${index}`);
    clock.advance(1_000);
    await reminder.pass();
    const said = told.take();
    expect(said[0]).toBe('start n-60');
    expect(said).toContain('signal n-0');
  });
});

describe('workflows that refuse what they are told', () => {
  test('take up nobody’s room, however many they are', async () => {
    await joins(600, 'stuck');
    for (const { uid } of nodes.waiting.values()) told.refusing.add(uid);
    clock.advance(2_000);
    for (let pass = 0; pass < 12; pass += 1) {
      await reminder.pass();
      clock.advance(250);
    }
    told.take();
    await joins(60);
    clock.advance(1_000);
    const said: string[] = [];
    for (let pass = 0; pass < 40; pass += 1) {
      await reminder.pass();
      said.push(...told.take());
      clock.advance(250);
    }
    expect(said.filter((what) => what.startsWith('start'))).toEqual(
      Array.from({ length: 60 }, (_, index) => `start n-${index}`),
    );
  });

  test('are made anew after the third time, and once in ten minutes at most', async () => {
    await joins(1);
    told.refusing.add('n-0');
    const rebuiltWithin = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000);
        await reminder.pass();
      }
      return told.take().filter((what) => what.startsWith('rebuild'));
    };
    expect(await rebuiltWithin(9 * 60)).toEqual(['rebuild n-0']);
    expect(await rebuiltWithin(3 * 60)).toEqual(['rebuild n-0']);
  });
});

test('what one api’s clock calls the future is not put off', async () => {
  await joins(1);
  for (const node of nodes.waiting.values()) node.createdAt = NOON + 3_600_000;
  clock.advance(1_000);
  await reminder.pass();
  expect(told.take()).toEqual(['start n-0']);
});

test('a workflow that the api has started is not told what it started with', async () => {
  await joins(1);
  told.running.add('n-0');
  clock.advance(2_000);
  await reminder.pass();
  expect(told.take()).toEqual(['start n-0']);
});

describe('an api replica', () => {
  test('starts some workflows itself, and leaves over what is too much at once', async () => {
    const pacing = new StartPacing(clock);
    const ends: (() => void)[] = [];
    const held = () => pacing.tryTo(() => new Promise<void>((resolve) => ends.push(resolve)));
    const starts = Array.from({ length: 20 }, held);
    expect(ends).toHaveLength(16);
    ends.forEach((end) => end());
    expect((await Promise.all(starts)).filter(Boolean)).toHaveLength(16);
    const more = [];
    for (let index = 0; index < 40; index += 1) more.push(await pacing.tryTo(() => Promise.resolve()));
    expect(more.filter(Boolean)).toHaveLength(24);
    clock.advance(1_000);
    expect(await pacing.tryTo(() => Promise.resolve())).toBe(true);
  });

  test('hears of a start that failed, and goes on with the next', async () => {
    const pacing = new StartPacing(clock);
    await expect(pacing.tryTo(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await pacing.tryTo(() => Promise.resolve())).toBe(true);
  });
});
