import { expect, test } from '@jest/globals';
import type { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { ReadinessCheck } from '../../../src/health/readiness-check.js';
import type { WorkerWatch } from '../../../src/health/worker-watch.js';
import type { MassSilences } from '../../../src/silence/mass-silences.js';
import { DatabaseProbe, TemporalProbe } from '../../../src/process/server-probe.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';
import { ManualClock, NOON } from '../../support/manual-clock.js';

class Database extends DatabaseProbe {
  readonly ready = Promise.resolve();
  check = () => Promise.resolve();
}

/** Accepts a request and never answers: a stopped server, or a network that swallows packets. */
class HangingTemporal extends TemporalProbe {
  asked = 0;
  check(): Promise<void> {
    this.asked += 1;
    return new Promise(() => undefined);
  }
}

class FailingTemporal extends TemporalProbe {
  check: () => Promise<void> = () => Promise.reject(new Error('refused'));
}

const clock = new ManualClock(NOON);

function readiness(isStalled: boolean, temporal: TemporalProbe): ReadinessCheck {
  return new ReadinessCheck(
    { isStalled } as HeartbeatBuffer,
    new Database(),
    temporal,
    { finding: { ok: true, detail: 'take what waits' } } as WorkerWatch,
    {
      current: () => Promise.resolve(null),
      lastKnown: null,
    } as unknown as MassSilences,
    clock,
    new MetricRegistry(),
  );
}

test('a Temporal that does not answer is reported as unavailable since its first failure, until it answers', async () => {
  const temporal = new FailingTemporal();
  const check = readiness(false, temporal);
  const away = { ok: false, detail: 'refused', since: new Date(clock.now()).toISOString() };
  expect((await check.check()).temporal).toEqual(away);
  clock.advance(60_000);
  expect((await check.check()).temporal).toEqual(away);
  temporal.check = () => Promise.resolve();
  expect((await check.check()).temporal).toEqual({ ok: true, detail: 'answers' });
  temporal.check = () => Promise.reject(new Error('refused'));
  expect((await check.check()).temporal.since).toBe(new Date(clock.now()).toISOString());
});

test('a Temporal that hangs delays nobody, is probed once for all, and does not make a replica unready', async () => {
  const temporal = new HangingTemporal();
  const check = readiness(false, temporal);
  const answers = await Promise.all([check.check(), check.check(), check.check()]);
  for (const answer of answers)
    expect(answer).toMatchObject({ ready: true, temporal: { ok: false, detail: 'no answer within 500ms' } });
  expect(temporal.asked).toBe(1);
});

test('a replica that cannot record heartbeats is not ready, even if MongoDB answers', async () => {
  expect(await readiness(true, new HangingTemporal()).check()).toMatchObject({
    ready: false,
    heartbeats: { ok: false, detail: 'cannot be recorded' },
    mongodb: { ok: true },
  });
});
