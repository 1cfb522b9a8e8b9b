import { expect, test } from '@jest/globals';
import { inBatches } from '../../../src/mechanics/in-batches.js';

test('a bounded number is under way at a time, and the results are in the order of the items', async () => {
  let underWay = 0;
  let most = 0;
  const results = await inBatches([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

test('a failure fails the whole, and no further batch starts', async () => {
  const begun: number[] = [];
  const act = async (item: number) => {
    begun.push(item);
    if (item === 2) throw new Error('two');
  };
  await expect(inBatches([1, 2, 3, 4], 2, act)).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
