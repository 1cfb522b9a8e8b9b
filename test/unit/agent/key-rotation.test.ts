import { expect, test } from '@jest/globals';
import { Refused, Unavailable } from '../../../agent/control-plane/control-plane.js';
import { KeyRotation } from '../../../agent/membership/key-rotation.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { StillClock } from '../../support/agent/test-clock.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times of the rotations within this many days, in milliseconds from when the node joined. */
async function rotatedAt(days: number, settings: { rotateKeyAfterMs: number }, failures: Error[] = [], share = 0) {
  const [clock, log, stop, asked] = [new StillClock(), new LogRecorder(), new AbortController(), [] as number[]];
  const membership = {
    keySince: 0,
    rotateKey: () => {
      asked.push(clock.ms);
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      membership.keySince = clock.ms;
      return Promise.resolve();
    },
  };
  const { sleep } = clock;
  clock.sleep = async (ms) => {
    await sleep(ms);
    if (clock.ms > days * DAY) stop.abort();
  };
  await new KeyRotation({ settings, membership, clock, random: () => share, log }).run(stop.signal);
  return { asked, log: log.text };
}

test('a key is replaced at its maximum age, and again', async () => {
  expect((await rotatedAt(70, { rotateKeyAfterMs: 30 * DAY })).asked).toEqual([30 * DAY, 60 * DAY]);
});

test('a fleet that joined at once replaces its keys one after the other', async () => {
  const { asked } = await rotatedAt(30, { rotateKeyAfterMs: 30 * DAY }, [], 0.5);
  expect(asked).toEqual([27 * DAY]);
});

test('a setting of 0 keeps the key', async () => {
  expect((await rotatedAt(400, { rotateKeyAfterMs: 0 })).asked).toEqual([]);
});

test('a failure is retried after minutes, and logged once', async () => {
  const unknownRoute = new Refused(404, { code: 'NOT_FOUND', detail: 'there is no such address' }, 0);
  const failures = [unknownRoute, unknownRoute, new Unavailable('no orchestrator answers')];
  const { asked, log } = await rotatedAt(1.5, { rotateKeyAfterMs: DAY }, failures, 0.5);
  expect(asked.map((at) => (at - 0.9 * DAY) / 60_000)).toEqual([0, 5, 10, 15]);
  expect(log.match(/the api is of an older version/g)).toHaveLength(1);
  expect(log).toContain('no orchestrator answers');
  expect(log).toContain('this node has another key');
});

test('a key is never replaced too often, whatever the setting says', async () => {
  const { asked } = await rotatedAt(HOUR / DAY, { rotateKeyAfterMs: 1 });
  expect(asked).toHaveLength(60);
});
