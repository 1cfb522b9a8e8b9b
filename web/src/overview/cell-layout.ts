/** Positions of a picture's cells: nodes in the given order, block by block. */
export interface CellLayout {
  /** Size of a cell with its gap, in pixels. */
  size: number;
  gap: number;
  height: number;
  blocks: readonly CellBlock[];
}

/** Nodes of one group, row by row. */
export interface CellBlock {
  group: number;
  /** Position of its title; its cells begin below. */
  x: number;
  y: number;
  width: number;
  columns: number;
  /** Indexes of nodes, in the order of their cells. */
  indexes: readonly number[];
}

export interface CellGroup {
  group: number;
  indexes: readonly number[];
}

const SIZES = [26, 22, 18, 15, 13, 11, 9, 8, 7, 6, 5];
/** Height of the picture in pixels, unless its cells have the minimum size already. */
const WANTED_HEIGHT = 380;
export const TITLE_HEIGHT = 20;
const BLOCK_GAP = 12;
/** Minimum width for a title of some letters. */
const LEAST_BLOCK_WIDTH = 76;
/** Preferred ratio of a block's width to its height. */
const WIDTH_TO_HEIGHT = 1.8;

/** The largest cells with which all fit. @param titled whether groups have titles */
export function layoutCells(groups: readonly CellGroup[], width: number, titled: boolean): CellLayout {
  let layout = placed(groups, width, titled, SIZES[0] ?? 5);
  for (const size of SIZES) {
    layout = placed(groups, width, titled, size);
    if (layout.height <= WANTED_HEIGHT) return layout;
  }
  return layout;
}

function placed(groups: readonly CellGroup[], width: number, titled: boolean, size: number): CellLayout {
  const most = Math.max(1, Math.floor(width / size));
  let [x, y, rowHeight] = [0, 0, 0];
  const blocks = groups.map(({ group, indexes }): CellBlock => {
    const columns = titled ? columnsOf(indexes.length, size, most) : most;
    const blockWidth = columns * size;
    if (x > 0 && x + blockWidth > width) [x, y, rowHeight] = [0, y + rowHeight + BLOCK_GAP, 0];
    const block = { group, x, y, width: blockWidth, columns, indexes };
    x += blockWidth + BLOCK_GAP;
    rowHeight = Math.max(rowHeight, (titled ? TITLE_HEIGHT : 0) + Math.ceil(indexes.length / columns) * size);
    return block;
  });
  return { size, gap: size >= 9 ? 2 : 1, height: y + rowHeight, blocks };
}

function columnsOf(nodes: number, size: number, most: number): number {
  const shaped = Math.ceil(Math.sqrt(nodes * WIDTH_TO_HEIGHT));
  return Math.min(most, Math.max(shaped, Math.ceil(LEAST_BLOCK_WIDTH / size)));
}

/** The node of the cell at a position; undefined if there is none. */
export function cellAt(
  { size, blocks }: CellLayout,
  x: number,
  y: number,
  titled: boolean,
): { index: number; x: number; y: number } | undefined {
  for (const block of blocks) {
    const top = block.y + (titled ? TITLE_HEIGHT : 0);
    const [column, row] = [Math.floor((x - block.x) / size), Math.floor((y - top) / size)];
    if (column < 0 || column >= block.columns || row < 0) continue;
    const index = block.indexes[row * block.columns + column];
    if (index !== undefined) return { index, x: block.x + column * size, y: top + row * size };
  }
  return undefined;
}
