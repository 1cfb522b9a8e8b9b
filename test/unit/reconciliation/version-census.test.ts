import { expect, test } from '@jest/globals';
import type { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { LifecycleRefused } from '../../../src/lifecycle/lifecycle-signals.js';
import type { LeftBehindRun, LifecycleWorkflows } from '../../../src/lifecycle/lifecycle-workflows.js';
import type { NodeStore } from '../../../src/record/node-store.js';
import { VersionCensus } from '../../../src/reconciliation/version-census.js';
import { ManualClock, NOON } from '../../support/manual-clock.js';

const run = (name: string, buildId = 'former'): LeftBehindRun => ({
  uid: name,
  name,
  runId: `run of ${name}`,
  buildId,
});

function census(runs: readonly LeftBehindRun[], deployment: string | null = 'rollcall') {
  const told: string[] = [];
  const refusing = new Set<string>();
  let asked = 0;
  const clock = new ManualClock(NOON);
  const nodes = { findByUid: async (uid: string) => ({ uid }) } as unknown as NodeStore;
  const lifecycles = {
    signalDecision: async ({ uid }: { uid: string }, { again }: { again: boolean }) => {
      if (refusing.has(uid)) throw new LifecycleRefused(uid);
      if (again) told.push(uid);
    },
  } as unknown as Lifecycles;
  const workflows = {
    async *leftBehind() {
      asked += 1;
      yield* runs;
    },
  } as unknown as LifecycleWorkflows;
  const one = new VersionCensus(nodes, lifecycles, workflows, deployment, clock);
  return { one, told, refusing, clock, asked: () => asked };
}

test('each run that an earlier version keeps is told once', async () => {
  const { one, told } = census([run('a'), run('b')]);
  expect(await one.take()).toEqual({ woken: 2, waiting: [] });
  expect(await one.take()).toEqual({ woken: 0, waiting: [] });
  expect(told).toEqual(['a', 'b']);
});

test('a run that does not take it is told by a later census', async () => {
  const { one, refusing, told } = census([run('a'), run('b')]);
  refusing.add('a');
  expect((await one.take()).woken).toBe(1);
  refusing.clear();
  expect((await one.take()).woken).toBe(1);
  expect(told).toEqual(['b', 'a']);
});

test('of a large fleet 150 are told in a census, and the others by the next ones', async () => {
  const { one } = census(Array.from({ length: 200 }, (_, index) => run(`node-${index}`)));
  expect([(await one.take()).woken, (await one.take()).woken, (await one.take()).woken]).toEqual([150, 50, 0]);
});

test('runs that stay though they were told two minutes ago wait for a worker of their version', async () => {
  const { one, clock } = census([run('a'), run('b'), run('c', 'older')]);
  await one.take();
  clock.advance(119_000);
  expect((await one.take()).waiting).toEqual([]);
  clock.advance(1_000);
  expect((await one.take()).waiting).toEqual([
    { buildId: 'former', count: 2 },
    { buildId: 'older', count: 1 },
  ]);
});

test('nobody is asked where versions are not kept apart', async () => {
  const { one, asked } = census([run('a')], null);
  expect(await one.take()).toEqual({ woken: 0, waiting: [] });
  expect(asked()).toBe(0);
});
