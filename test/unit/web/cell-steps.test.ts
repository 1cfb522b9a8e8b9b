import { expect, test } from '@jest/globals';
import { layoutCells } from '../../../web/src/overview/cell-layout.js';
import { cellOf, ordinalOf, placeOf, stepFrom, type StepKey } from '../../../web/src/overview/cell-steps.js';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
/** One block, 4 in a row, 26 pixels each: 0 to 9. */
const plain = layoutCells([{ group: -1, indexes: range(0, 10) }], 110, false);
/** Blocks of 3 a row, since titles need room: two side by side (0 to 4, 5 to 7), one below (8 to 10). */
const grouped = layoutCells(
  [
    { group: 0, indexes: range(0, 5) },
    { group: 1, indexes: range(5, 8) },
    { group: 2, indexes: range(8, 11) },
  ],
  180,
  true,
);

function walk(layout: typeof plain, from: number, ...keys: StepKey[]): number | undefined {
  const end = keys.reduce((place, key) => stepFrom(layout, place, key), placeOf(layout, from));
  return cellOf(layout, end, layout === grouped)?.index;
}

test('left and right follow the order of the nodes, across rows and blocks, and stop at the ends', () => {
  expect(walk(plain, 3, 'ArrowRight')).toBe(4);
  expect(walk(plain, 0, 'ArrowLeft')).toBe(0);
  expect(walk(plain, 9, 'ArrowRight')).toBe(9);
  expect(walk(grouped, 4, 'ArrowRight')).toBe(5);
  expect(walk(grouped, 8, 'ArrowLeft')).toBe(7);
  expect(ordinalOf(grouped, placeOf(grouped, 9))).toBe(10);
});

test('up and down keep their column, and end in a shorter last row', () => {
  expect(plain.blocks[0]?.columns).toBe(4);
  expect(walk(plain, 1, 'ArrowDown')).toBe(5);
  expect(walk(plain, 7, 'ArrowDown')).toBe(9);
  expect(walk(plain, 5, 'ArrowUp')).toBe(1);
  expect(walk(plain, 1, 'ArrowUp')).toBe(1);
});

test('below a block is the nearest one of the next line, and above it one of the previous line', () => {
  expect(grouped.blocks.map(({ x, y }) => [x > 0, y > 0])).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
  expect(walk(grouped, 0, 'ArrowDown', 'ArrowDown')).toBe(8);
  expect(walk(grouped, 5, 'ArrowDown')).toBe(10);
  expect(walk(grouped, 8, 'ArrowUp')).toBe(3);
});

test('home, end and page keys move to the ends of the picture and between its blocks', () => {
  expect(walk(grouped, 6, 'Home')).toBe(0);
  expect(walk(grouped, 0, 'End')).toBe(10);
  expect(walk(grouped, 1, 'PageDown', 'PageDown')).toBe(8);
  expect(walk(grouped, 9, 'PageDown')).toBe(10);
  expect(walk(grouped, 7, 'PageUp')).toBe(5);
  expect(walk(grouped, 5, 'PageUp')).toBe(0);
});

test("a cell's corner is where it is drawn; without cells there is none", () => {
  expect(cellOf(grouped, placeOf(grouped, 6), true)).toEqual({ index: 6, x: (grouped.blocks[1]?.x ?? 0) + 26, y: 20 });
  expect(cellOf(layoutCells([], 100, false), { block: 0, at: 0 }, false)).toBeUndefined();
});
