import { expect, test } from '@jest/globals';
import { LeaseStore } from '../../../src/mechanics/lease-store.js';
import type { ReconcilerParts } from '../../../src/reconciliation/reconciler-parts.js';
import { Reconciler } from '../../../src/reconciliation/reconciler.js';
import { ManualClock, NOON } from '../../support/manual-clock.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

class Lease extends LeaseStore {
  isOurs = true;
  hold = () => Promise.resolve(this.isOurs);
  release = () => Promise.resolve();
}

const NOTHING = { said: 0, census: { started: 0, ended: 0, unknown: 0, refusing: 0, blocked: [] } };
const DRIFT = { said: 2, census: { started: 1, ended: 2, unknown: 0, refusing: 1, blocked: [] } };

/** A reconciler of whose parts these fail and others find this, and what it does and says. */
function reconciler(failing: Set<keyof ReconcilerParts | 'temporal'>, found = NOTHING) {
  const done: string[] = [];
  const said: string[] = [];
  const clock = new ManualClock(NOON);
  const metrics = new MetricRegistry();
  const lease = new Lease();
  const attempt = async <Result>(part: keyof ReconcilerParts, result: Result) => {
    done.push(part);
    if (failing.has(part)) throw new Error(`${part} is stuck`);
    return result;
  };
  const parts: ReconcilerParts = {
    reminder: {
      pass: () => attempt('reminder', { said: found.said, othersWait: true, unapplied: 3, oldestMs: 4_500 }),
    },
    drainSets: { pass: () => attempt('drainSets', undefined) },
    windows: { pass: () => attempt('windows', 0) },
    sweeper: { ensureStarted: () => attempt('sweeper', undefined) },
    census: { take: () => attempt('census', found.census) },
    histories: { take: () => attempt('histories', 0) },
    sessions: { take: () => attempt('sessions', 0) },
    slots: { pass: () => attempt('slots', 0) },
    conditions: { pass: () => attempt('conditions', 0) },
    versions: { take: () => attempt('versions', { woken: 0, waiting: [] }) },
    lists: { mendLists: () => attempt('lists', 0) },
  };
  const say = ({ msg, reason }: Record<string, unknown>) => void said.push([msg, reason].filter(Boolean).join(': '));
  const temporal = {
    check: () => (failing.has('temporal') ? Promise.reject(new Error('no answer within 2s')) : Promise.resolve()),
  };
  const one = new Reconciler(parts, lease, temporal, clock, { log: say, warn: say }, 'this one', metrics);
  return {
    said,
    lease,
    metrics,
    pass: async (laterMs = 0) => {
      clock.advance(laterMs);
      done.length = 0;
      await one.pass();
      return [...done];
    },
  };
}

const ALL = [
  'reminder',
  'drainSets',
  'windows',
  'sweeper',
  'census',
  'histories',
  'sessions',
  'slots',
  'conditions',
  'versions',
  'lists',
] as const;

test.each(ALL)('all other parts of a pass are done where %s fails, which is said once', async (part) => {
  const failing = new Set([part]);
  const { pass, said } = reconciler(failing);
  expect(await pass()).toEqual(ALL);
  // It is tried again sooner than its next turn would be.
  expect(await pass(5_000)).toContain(part);
  expect(said).toEqual([expect.stringMatching(new RegExp(`^cannot reconcile .*: ${part} is stuck$`))]);
  failing.clear();
  await pass(5_000);
  expect(said.at(-1)).toMatch(/^reconciliation of .* works again$/);
});

test('nothing is tried while Temporal answers nobody, which is said once an outage', async () => {
  const failing = new Set(['temporal'] as const);
  const { pass, said } = reconciler(failing);
  expect(await pass()).toEqual([]);
  expect(await pass(1_000)).toEqual([]);
  failing.clear();
  expect(await pass(1_000)).toEqual(ALL);
  expect(said).toEqual([
    'cannot reconcile at the moment; trying again: no answer within 2s',
    'reconciliation works again',
  ]);
});

test('metrics tell what passes found and repaired, what failed, and what is not applied yet, until another replica reconciles', async () => {
  const { pass, lease, metrics } = reconciler(new Set(['histories'] as const), DRIFT);
  await pass();
  const text = await metrics.metrics();
  for (const line of [
    'rollcall_reconciler_drift_total{part="decisions",outcome="repaired"} 2',
    'rollcall_reconciler_drift_total{part="workflows",outcome="repaired"} 3',
    'rollcall_reconciler_drift_total{part="workflows",outcome="left"} 1',
    'rollcall_reconciler_drift_total{part="sessions",outcome="repaired"} 0',
    'rollcall_reconciler_failures_total{part="histories"} 1',
    'rollcall_reconciler_failures_total{part="decisions"} 0',
    'rollcall_reconciler_pass_duration_seconds_count 1',
    'rollcall_unapplied_decisions 3',
    'rollcall_oldest_unapplied_decision_seconds 4.5',
  ])
    expect(text.split('\n')).toContain(line);
  lease.isOurs = false;
  await pass();
  expect(await metrics.metrics()).not.toMatch(/^rollcall_(unapplied_decisions|oldest_unapplied_decision_seconds) /m);
});
