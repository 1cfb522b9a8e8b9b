import { expect, test } from '@jest/globals';
import { Gathered } from '../../../src/mechanics/gathered.js';

test('who asks together shares one question; who asks later asks another', async () => {
  const asked: string[][] = [];
  const gathered = new Gathered<string, number>(5, async (keys) => asked.push([...keys]));
  expect(await Promise.all([gathered.about('a'), gathered.about('b'), gathered.about('c')])).toEqual([1, 1, 1]);
  expect(await gathered.about('d')).toBe(2);
  expect(asked).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a failure reaches everyone who asked, and nobody who asks after them', async () => {
  let broken = true;
  const gathered = new Gathered<string, string>(5, async (keys) => {
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
