import { expect, test } from '@jest/globals';
import { Limited } from '../../../agent/resources/limited.js';

test('an answer in time is the answer', async () => {
  expect(await new Limited('df', () => Promise.resolve(7), 1_000).read()).toEqual({ value: 7 });
});

test('a failure in time is thrown', async () => {
  await expect(new Limited('df', () => Promise.reject(new Error('gone')), 1_000).read()).rejects.toThrow('gone');
});

test('an unanswered reading is given up, and not started again before it ends', async () => {
  let asked = 0;
  let answer: (value: number) => void = () => undefined;
  const limited = new Limited(
    'statfs',
    () => {
      asked += 1;
      return new Promise<number>((resolve) => (answer = resolve));
    },
    20,
  );
  expect(await limited.read()).toEqual({ why: 'statfs has not answered within 0.02 s' });
  expect(await limited.read()).toEqual({ why: 'statfs has not answered within 0.02 s' });
  expect(asked).toBe(1);
  answer(1);
  await Promise.resolve();
  const next = limited.read();
  answer(2);
  expect(await next).toEqual({ value: 2 });
  expect(asked).toBe(2);
});
