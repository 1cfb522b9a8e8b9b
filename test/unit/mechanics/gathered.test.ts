import { expect, test } from '@jest/globals';
import { Gathered } from '../../../src/mechanics/gathered.js';

test('a single request is sent at once; those that arrive meanwhile share the next one', async () => {
  const asked: string[][] = [];
  const answers: (() => void)[] = [];
  const gathered = new Gathered<string, number>(async (keys) => {
    const count = asked.push([...keys]);
    await new Promise<void>((resolve) => answers.push(resolve));
    return count;
  });
  const first = gathered.about('a');
  await Promise.resolve();
  expect(asked).toEqual([['a']]);
  const later = [gathered.about('b'), gathered.about('c')];
  answers.shift()?.();
  expect(await first).toBe(1);
  await new Promise(setImmediate);
  expect(asked).toEqual([['a'], ['b', 'c']]);
  answers.shift()?.();
  expect(await Promise.all(later)).toEqual([2, 2]);
});

test('a failure reaches all requests of its batch, and no later one', async () => {
  let broken = true;
  const gathered = new Gathered<string, string>(async (keys) => {
    if (broken) throw new Error('no primary');
    return keys.join();
  });
  const answers = await Promise.allSettled(['a', 'b'].map((key) => gathered.about(key)));
  expect(answers).toEqual([
    expect.objectContaining({ reason: new Error('no primary') }),
    expect.objectContaining({ reason: new Error('no primary') }),
  ]);
  broken = false;
  expect(await gathered.about('c')).toBe('c');
});

test('a failure does not affect requests that arrived meanwhile', async () => {
  let fail: (error: Error) => void = () => undefined;
  let count = 0;
  const gathered = new Gathered<string, string>((keys) => {
    count += 1;
    return count > 1 ? Promise.resolve(keys.join()) : new Promise((_, reject) => (fail = reject));
  });
  const first = gathered.about('a');
  await Promise.resolve();
  const second = gathered.about('b');
  fail(new Error('no primary'));
  await expect(first).rejects.toThrow('no primary');
  expect(await second).toBe('b');
});
