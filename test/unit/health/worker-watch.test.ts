import { beforeEach, expect, test } from '@jest/globals';
import { WorkerWatch } from '../../../src/health/worker-watch.js';
import { TemporalProbe, type UntakenWork } from '../../../src/process/server-probe.js';
import { ManualClock, NOON } from '../../support/manual-clock.js';

class Temporal extends TemporalProbe {
  waits: UntakenWork | undefined;
  answers = true;
  check = () => Promise.resolve();
  override untaken(): Promise<UntakenWork | undefined> {
    return this.answers ? Promise.resolve(this.waits) : Promise.reject(new Error('refused'));
  }
}

const LAST_HELD = NOON - 12_000;
const works = { ok: true, detail: 'take what waits' };
const dead = {
  ok: false,
  detail: 'no worker takes what waits in Temporal',
  since: new Date(LAST_HELD).toISOString(),
};

let temporal: Temporal;
let clock: ManualClock;
let watch: WorkerWatch;

beforeEach(() => {
  temporal = new Temporal();
  clock = new ManualClock(NOON);
  watch = new WorkerWatch(temporal, clock, clock);
});

async function lookAfter(ms: number): Promise<WorkerWatch['finding']> {
  clock.advance(ms);
  await watch.look();
  return watch.finding;
}

test('workers are absent once the same task has waited for ten seconds, since one last took a task, until it is taken', async () => {
  expect(await lookAfter(0)).toEqual(works);
  temporal.waits = { what: 'sweep 7', since: LAST_HELD };
  expect(await lookAfter(0)).toEqual(works);
  expect(await lookAfter(9_900)).toEqual(works);
  expect(await lookAfter(100)).toEqual(dead);
  expect(await lookAfter(60_000)).toEqual(dead);
  temporal.waits = undefined;
  expect(await lookAfter(0)).toEqual(works);
});

test('tasks that are taken and followed by others do not count', async () => {
  await lookAfter(0);
  for (const what of ['sweep 7', 'sweep 8', 'sweep 9', 'sweep 10']) {
    temporal.waits = { what, since: null };
    expect(await lookAfter(6_000)).toEqual(works);
  }
});

test('the state of workers is unknown before a look, and while Temporal does not answer', async () => {
  const unknown = { ok: false, detail: expect.stringContaining('not') };
  expect(watch.finding).toEqual(unknown);
  temporal.waits = { what: 'the first sweep', since: null };
  expect(await lookAfter(0)).toEqual(unknown);
  expect(await lookAfter(10_000)).toMatchObject({ ok: false, since: new Date(NOON).toISOString() });
  temporal.answers = false;
  expect(await lookAfter(0)).toEqual(unknown);
  // It is looked at again, since what waited may have been taken since.
  temporal.answers = true;
  expect(await lookAfter(0)).toEqual(unknown);
});
