import { describe, expect, test } from '@jest/globals';
import { JoinLanes, LanesFull } from '../../../src/joining/join-lanes.js';

/** Work that ends when the test says so. */
function heldWork() {
  const batches: { items: readonly string[]; end: (outcome?: Error) => void }[] = [];
  const work = (items: readonly string[]) =>
    new Promise<PromiseSettledResult<string>[]>((resolve, reject) => {
      const end = (failure?: Error) => (failure ? reject(failure) : resolve(items.map(outcomeOf)));
      batches.push({ items, end });
    });
  return { batches, work };
}

function outcomeOf(item: string): PromiseSettledResult<string> {
  return item.startsWith('bad')
    ? { status: 'rejected', reason: new Error(item) }
    : { status: 'fulfilled', value: item.toUpperCase() };
}

/** Lets everything happen that needs no other event. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a lane', () => {
  test('runs a single join at once, and those that arrive meanwhile together', async () => {
    const { batches, work } = heldWork();
    const lanes = new JoinLanes(work, { together: 2, waiting: 10 });
    const results = Promise.allSettled(['a', 'b', 'bad', 'd'].map((item) => lanes.do('one', item)));
    expect(batches.map(({ items }) => items)).toEqual([['a']]);
    for (const expected of [['a'], ['b', 'bad'], ['d']]) {
      expect(batches.at(-1)?.items).toEqual(expected);
      batches.at(-1)?.end();
      await settled();
    }
    expect(
      (await results).map((result) =>
        result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
      ),
    ).toEqual(['A', 'B', 'bad', 'D']);
    expect(batches).toHaveLength(3);
  });

  test('is independent of the others, and continues after a failure, which all of that batch get', async () => {
    const { batches, work } = heldWork();
    const lanes = new JoinLanes(work, { together: 10, waiting: 10 });
    const first = lanes.do('one', 'a');
    const [second, third] = [lanes.do('one', 'b'), lanes.do('one', 'c')];
    const other = lanes.do('two', 'x');
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['x']]);
    batches[1]?.end();
    expect(await other).toBe('X');
    const failed = Promise.allSettled([first, second, third]);
    batches[0]?.end(new Error('away'));
    await settled();
    batches[2]?.end(new Error('away again'));
    expect((await failed).map((result) => result.status === 'rejected' && (result.reason as Error).message)).toEqual([
      'away',
      'away again',
      'away again',
    ]);
    const later = lanes.do('one', 'd');
    batches[3]?.end();
    expect(await later).toBe('D');
  });

  test('refuses joins that would wait too long', async () => {
    const { batches, work } = heldWork();
    const lanes = new JoinLanes(work, { together: 10, waiting: 2 });
    const taken = [lanes.do('one', 'a'), lanes.do('one', 'b')];
    await expect(lanes.do('one', 'c')).rejects.toBeInstanceOf(LanesFull);
    batches[0]?.end();
    await settled();
    batches[1]?.end();
    expect(await Promise.all(taken)).toEqual(['A', 'B']);
    const again = lanes.do('one', 'c');
    batches[2]?.end();
    expect(await again).toBe('C');
  });
});
