import { beforeEach, describe, expect, test } from '@jest/globals';
import { firstDecision } from '../../contract/decision.js';
import type { EpochMs } from '../../contract/states.js';
import type { LastHeartbeat } from '../../src/agents/heartbeat-store.js';
import type { NodeRecord } from '../../src/nodes/node-record.js';
import { StartPacing } from '../../src/temporal/start-pacing.js';
import { DecisionReminder } from '../../src/temporal/decision-reminder.js';
import { LifecycleSignals } from '../../src/temporal/lifecycle-signals.js';
import { LifecycleWorkflows } from '../../src/temporal/lifecycle-workflows.js';
import { ReconciliationStore } from '../../src/temporal/reconciliation-store.js';
import { ManualClock, NOON } from '../mongo/open-stores.js';
import { RESOURCES } from '../mongo/node-fixtures.js';

/** What is said, in order: how and of which node. */
class Told extends LifecycleSignals {
  readonly said: string[] = [];
  ensureStarted = async (node: NodeRecord) => {
    this.said.push(`start ${node.name}`);
    return this.running.has(node.uid) ? ('runs' as const) : ('started' as const);
  };
  startHeard = async (node: NodeRecord, { bootId }: { bootId: string }) => void this.said.push(`start ${node.name} ${bootId}`);
  signalDecision = async (node: NodeRecord) => void this.said.push(`signal ${node.name}`);
  leaveStart = () => undefined;
  signalHeartbeat = () => undefined;
  reportSessions = () => Promise.resolve();
  openSession = () => Promise.resolve(undefined);
  terminateSession = () => Promise.resolve();
  querySessionCache = () => Promise.reject(new Error('unused'));
  queryLifecycle = () => Promise.reject(new Error('unused'));
  constructor(readonly running: Set<string>) {
    super();
  }
  take(): string[] {
    return this.said.splice(0);
  }
}

class Nodes extends ReconciliationStore {
  readonly waiting = new Map<string, NodeRecord>();
  unapplied = async (before: EpochMs, limit: number) => [...this.waiting.values()].filter(({ createdAt }) => createdAt < before).slice(0, limit).map(({ uid, decision }) => ({ uid, seq: decision.seq }));
  read = async (uids: readonly string[]) => uids.flatMap((uid) => this.waiting.get(uid) ?? []);
  settle = () => Promise.resolve();
  async *begun() {}
}

class NoWorkflows extends LifecycleWorkflows {
  incarnationOf = () => Promise.resolve(null);
  async *running() {}
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
  reminder = new DecisionReminder(nodes, { read: async () => heard }, told, new NoWorkflows(), clock);
});

function joins(count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = `n-${index}`;
    const decision = firstDecision({ at: NOON, by: 'alice', reason: '', registered: true, approval: 'APPROVED' });
    nodes.waiting.set(name, { uid: name, name, type: 'Compute', living: true, decision, applied: null, createdAt: NOON } as unknown as NodeRecord);
  }
}

const hears = (name: string) => heard.set(name, { uid: name, lastSeen: NOON, bootId: 'b', seq: 1, resources: RESOURCES, earlierBoots: [] });

describe('a crowd', () => {
  test('is started as fast as workflows answer', async () => {
    joins(500);
    clock.advance(2_000);
    expect(await reminder.pass()).toEqual({ said: 60, othersWait: true });
    expect(told.take()).toEqual(Array.from({ length: 60 }, (_, index) => `start n-${index}`));
    clock.advance(200);
    expect(await reminder.pass()).toEqual({ said: 0, othersWait: true });
    for (let index = 0; index < 25; index += 1) nodes.waiting.delete(`n-${index}`);
    clock.advance(200);
    expect(await reminder.pass()).toEqual({ said: 25, othersWait: true });
    expect(told.take()).toEqual(Array.from({ length: 25 }, (_, index) => `start n-${60 + index}`));
  });

  test('begins with those that were heard, which settle with their start', async () => {
    joins(200);
    hears('n-150');
    hears('n-199');
    clock.advance(2_000);
    await reminder.pass();
    expect(told.take().slice(0, 3)).toEqual(['start n-150 b', 'start n-199 b', 'start n-0']);
  });

  test('whose workflows wait for the worker is left in peace for a minute, and others get their turn then', async () => {
    joins(61);
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

test('a workflow that the api has started is not told what it started with', async () => {
  joins(1);
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
