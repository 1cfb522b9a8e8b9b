import { expect, test } from '@jest/globals';
import { RepeatedWork } from '../../../src/mechanics/repeated-work.js';
import { eventually } from '../../support/eventually.js';

/** Rounds that end when the test says so. */
function rounds() {
  const running: (() => void)[] = [];
  const begun = { count: 0, atOnce: 0 };
  const round = async () => {
    begun.count += 1;
    begun.atOnce = Math.max(begun.atOnce, running.length + 1);
    await new Promise<void>((resolve) => running.push(resolve));
    return 0;
  };
  return { round, begun, endOne: () => running.shift()?.() };
}

test('rounds follow each other, never two at once', async () => {
  const { round, begun, endOne } = rounds();
  const work = new RepeatedWork(round);
  work.begin(0);
  for (let count = 1; count <= 3; count += 1) {
    await eventually(() => expect(begun.count).toBe(count));
    endOne();
  }
  await eventually(() => expect(begun).toEqual({ count: 4, atOnce: 1 }));
  const ended = work.end();
  endOne();
  await ended;
  expect(begun.count).toBe(4);
});

test('stopping waits for the running round, and releases once', async () => {
  const { round, begun, endOne } = rounds();
  const order: string[] = [];
  const leave = async () => void order.push('left');
  const work = new RepeatedWork(round, { leave, withinMs: 60_000, failed: (reason) => order.push(reason) });
  work.begin(0);
  await eventually(() => expect(begun.count).toBe(1));
  const ends = [work.end(), work.end()];
  await new Promise(setImmediate);
  order.push('the round ends');
  endOne();
  await Promise.all(ends);
  expect(order).toEqual(['the round ends', 'left']);
});

test.each([
  ['with something to give back', { leave: async () => undefined }],
  ['with nothing to give back', {}],
])('stopping waits for a bounded time for a round that hangs, and reports it: %s', async (_title, leaving) => {
  const { round, begun } = rounds();
  const reasons: string[] = [];
  const work = new RepeatedWork(round, { ...leaving, withinMs: 20, failed: (why) => reasons.push(why) });
  work.begin(0);
  await eventually(() => expect(begun.count).toBe(1));
  await work.end();
  expect(reasons).toEqual(['it took longer than 0.02 s']);
});

test('a failed release is reported, and does not prevent the stop', async () => {
  const reasons: string[] = [];
  const leave = () => Promise.reject(new Error('no primary'));
  await new RepeatedWork(async () => 0, { leave, withinMs: 60_000, failed: (why) => reasons.push(why) }).end();
  expect(reasons).toEqual(['no primary']);
});

test('nothing starts after the stop', async () => {
  const { round, begun } = rounds();
  const work = new RepeatedWork(round);
  await work.end();
  work.begin(0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun.count).toBe(0);
});
