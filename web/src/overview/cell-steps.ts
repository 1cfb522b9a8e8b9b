import { TITLE_HEIGHT, type CellBlock, type CellLayout } from './cell-layout.js';

/** Keys that move between cells. */
const STEP_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'] as const;
export type StepKey = (typeof STEP_KEYS)[number];

export function isStepKey(key: string): key is StepKey {
  return (STEP_KEYS as readonly string[]).includes(key);
}

/** A cell: its block, and its index in the block. */
export interface CellPlace {
  block: number;
  at: number;
}

const FIRST: CellPlace = { block: 0, at: 0 };

/** Position of a node's cell; the first cell if it has none. */
export function placeOf({ blocks }: CellLayout, index: number): CellPlace {
  for (const [block, { indexes }] of blocks.entries()) {
    const at = indexes.indexOf(index);
    if (at >= 0) return { block, at };
  }
  return FIRST;
}

/** Number of the cell in the order of the arrow keys, from 1. */
export function ordinalOf({ blocks }: CellLayout, { block, at }: CellPlace): number {
  return blocks.slice(0, block).reduce((sum, { indexes }) => sum + indexes.length, at + 1);
}

/** Its node and its upper left corner; undefined if there are no cells. */
export function cellOf(
  { blocks, size }: CellLayout,
  { block, at }: CellPlace,
  titled: boolean,
): { index: number; x: number; y: number } | undefined {
  const of = blocks[block];
  const index = of?.indexes[at];
  if (of === undefined || index === undefined) return undefined;
  return {
    index,
    x: of.x + (at % of.columns) * size,
    y: of.y + (titled ? TITLE_HEIGHT : 0) + Math.floor(at / of.columns) * size,
  };
}

/**
 * The cell that a key moves to: left and right in the order of the nodes, up and down visually, into other blocks too; a page is a
 * block. The same cell if there is none.
 */
export function stepFrom(layout: CellLayout, place: CellPlace, key: StepKey): CellPlace {
  const { blocks } = layout;
  const { block, at } = place;
  const lengthOf = (index: number) => blocks[index]?.indexes.length ?? 0;
  const last = blocks.length - 1;
  switch (key) {
    case 'ArrowRight':
      if (at + 1 < lengthOf(block)) return { block, at: at + 1 };
      return block < last ? { block: block + 1, at: 0 } : place;
    case 'ArrowLeft':
      if (at > 0) return { block, at: at - 1 };
      return block > 0 ? { block: block - 1, at: lengthOf(block - 1) - 1 } : place;
    case 'ArrowDown':
    case 'ArrowUp':
      return rowFrom(layout, place, key === 'ArrowDown' ? 1 : -1);
    case 'Home':
      return FIRST;
    case 'End':
      return { block: last, at: lengthOf(last) - 1 };
    case 'PageDown':
      return block < last ? { block: block + 1, at: 0 } : { block, at: lengthOf(block) - 1 };
    case 'PageUp':
      return at > 0 || block === 0 ? { block, at: 0 } : { block: block - 1, at: 0 };
  }
}

function rowFrom({ blocks, size }: CellLayout, place: CellPlace, way: 1 | -1): CellPlace {
  const from = blocks[place.block];
  if (from === undefined) return place;
  const column = place.at % from.columns;
  const row = Math.floor(place.at / from.columns) + way;
  if (row >= 0 && row < rowsOf(from)) return { block: place.block, at: cellIn(from, row, column) };
  // Of the blocks beyond, those whose titles are in the nearest line; of these the horizontally closest.
  const x = from.x + column * size;
  const beyond = blocks.filter(({ y }) => (y - from.y) * way > 0);
  const line = beyond.reduce((near, { y }) => Math.min(near, (y - from.y) * way), Number.POSITIVE_INFINITY);
  const aside = (one: CellBlock) => Math.max(one.x - x, x - (one.x + one.width - size), 0);
  const [to] = beyond
    .filter(({ y }) => (y - from.y) * way === line)
    .toSorted((one, other) => aside(one) - aside(other));
  if (to === undefined) return place;
  const under = Math.min(to.columns - 1, Math.max(0, Math.round((x - to.x) / size)));
  return { block: blocks.indexOf(to), at: cellIn(to, way === 1 ? 0 : rowsOf(to) - 1, under) };
}

function rowsOf({ indexes, columns }: CellBlock): number {
  return Math.ceil(indexes.length / columns);
}

/** The last row may be shorter. */
function cellIn({ indexes, columns }: CellBlock, row: number, column: number): number {
  return Math.min(indexes.length - 1, row * columns + column);
}
