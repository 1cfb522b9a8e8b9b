import { expect, test } from '@jest/globals';
import { budgetOf } from '../../../contract/budget.js';

test.each([
  ['3', 100, 3],
  ['10%', 100, 10],
  ['10%', 9, 1],
  ['1%', 0, 1],
  ['100%', 7, 7],
])('a budget of %s of %i nodes is %i', (limit, nodes, most) => {
  expect(budgetOf(limit, nodes)).toBe(most);
});

test('every share of a hundred is that number', () => {
  for (let share = 1; share <= 100; share += 1) expect(budgetOf(`${share}%`, 100)).toBe(share);
});
