import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { TickingClock } from '../../../agent/sim/ticking-clock.js';

const NEVER = new AbortController().signal;

describe('a ticking clock', () => {
  test('wakes those who are due together, and nobody too soon', async () => {
    const clock = new TickingClock(systemClock);
    const woken: { ms: number; after: number }[] = [];
    const began = clock.elapsed();
    await Promise.all(
      [0, 3, 40, 250].map(async (ms) => {
        await clock.sleep(ms, NEVER);
        woken.push({ ms, after: clock.elapsed() - began });
      }),
    );
    expect(woken.map(({ ms }) => ms).toSorted((a, b) => a - b)).toEqual([0, 3, 40, 250]);
    for (const { ms, after } of woken) expect(after).toBeGreaterThanOrEqual(ms);
  });

  test('does not delay an aborted sleep', async () => {
    const clock = new TickingClock(systemClock);
    const stop = new AbortController();
    const asleep = Promise.all([clock.sleep(3_600_000, stop.signal), clock.sleep(3_600_000, stop.signal)]);
    stop.abort();
    await asleep;
    await clock.sleep(3_600_000, stop.signal);
    // It keeps ticking for the others.
    await clock.sleep(1, NEVER);
  });
});
