import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { createSilenceSweepActivities } from '../../../activities/silence-sweep-activities.js';
import { SILENCE_SWEEPER_ID, SILENCE_SWEEPER_WORKFLOW, silenceSweepQueue } from '../../../contract/temporal-names.js';
import { TemporalActivityPulse } from '../../../src/temporal/activity-pulse.js';
import { eventually } from '../../support/eventually.js';
import '../../support/quiet-runtime.js';
import { startTemporal, type Temporal } from '../../support/servers/temporal.js';
import { lifecycleBundle } from '../../support/workflow/lifecycle-bundle.js';

const TASK_QUEUE = 'sweeper';
/** Duration of a signal to a busy Temporal: all of them take longer together than the sweep may be silent. */
const SIGNAL_MS = 100;

let temporal: Temporal;
beforeAll(async () => {
  temporal = await startTemporal();
}, 300_000);
afterAll(async () => {
  await temporal?.stop();
});

const told: string[] = [];
const silent = Array.from({ length: 4_000 }, (_, index) => ({
  uid: String(index).padStart(4, '0'),
  name: `node-${index}`,
}));
const began = Date.now();
const silentSince = began - 70_000;

/** A worker whose sweep finds those nodes silent. */
async function startWorker(): Promise<{ stop(): Promise<void> }> {
  const pulse = new TemporalActivityPulse();
  const activities = createSilenceSweepActivities({
    watchForMassSilence: () => Promise.resolve(false),
    silence: {
      findHeld: () => Promise.resolve([]),
      now: () => Date.now(),
      blindSince: () => Promise.resolve(0),
      fleetSize: () => Promise.resolve(silent.length),
      find: ({ after, until, still, beyond }) =>
        Promise.resolve({
          nodes:
            after < silentSince && silentSince <= until && still.length === 1
              ? silent.filter(({ uid }) => uid > beyond)
              : [],
          more: false,
        }),
    },
    notice: async ({ uid }) => {
      await sleep(SIGNAL_MS);
      told.push(uid);
      return true;
    },
    pulse,
    // After DisconnectTimeout has passed for them, no other node falls silent.
    policy: () => ({ disconnectTimeoutMs: 60_000, unknownTimeoutMs: 300_000, removeAfterMs: 0 }),
    pacing: { intervalMs: 15_000, maxPerSecond: 2_000 },
  });
  const common = { connection: temporal.env.nativeConnection, shutdownGraceTime: '5s' } as const;
  const workers = [
    await Worker.create({ ...common, taskQueue: TASK_QUEUE, workflowBundle: await lifecycleBundle() }),
    await Worker.create({ ...common, taskQueue: silenceSweepQueue(TASK_QUEUE), activities }),
  ];
  const done = Promise.all(workers.map((worker) => worker.run()));
  return {
    stop: async () => {
      pulse.onModuleDestroy();
      for (const worker of workers) worker.shutdown();
      await done;
    },
  };
}

test('thousands that fall silent at once are each told once by a sweep that continues after its worker stopped', async () => {
  const { workflow } = temporal.env.client;
  await workflow.start(SILENCE_SWEEPER_WORKFLOW, { workflowId: SILENCE_SWEEPER_ID, taskQueue: TASK_QUEUE });
  const first = await startWorker();
  await eventually(() => expect(told.length).toBeGreaterThan(1_000), 60_000);
  await first.stop();
  const before = told.length;
  const second = await startWorker();
  await eventually(() => expect(new Set(told).size).toBe(silent.length), 120_000);
  await second.stop();
  expect(before).toBeLessThan(silent.length);
  // At most those in flight when the first one stopped.
  expect(told.length).toBeLessThanOrEqual(silent.length + 16);
  const { events } = await workflow.getHandle(SILENCE_SWEEPER_ID).fetchHistory();
  expect(events?.filter(({ activityTaskTimedOutEventAttributes: timedOut }) => timedOut)).toEqual([]);
}, 240_000);
