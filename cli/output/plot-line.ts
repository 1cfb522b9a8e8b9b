const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One reading, or the aggregate of several. */
interface Reading {
  /** Epoch milliseconds. */
  at: number;
  value: number;
}

/** A span of time, and the number of characters that show it. */
export interface PlotFrame {
  from: number;
  to: number;
  width: number;
}

/**
 * Draws points as one line of blocks, each as high as the maximum within its part of the time, so that short peaks are visible. A part without
 * points is blank.
 * @param end upper end of the scale, which begins at 0
 */
export function plotLine(points: readonly Reading[], end: number, frame: PlotFrame): string {
  const parts = Array.from({ length: frame.width }, (): number | undefined => undefined);
  for (const { at, value } of points) {
    const part = partOf(at, frame);
    parts[part] = Math.max(parts[part] ?? 0, value);
  }
  return parts.map((value) => (value === undefined ? ' ' : block(value, end))).join('');
}

/** The character of the line for a time. */
export function partOf(at: number, { from, to, width }: PlotFrame): number {
  const part = Math.floor(((at - from) / Math.max(1, to - from)) * width);
  return Math.min(width - 1, Math.max(0, part));
}

function block(value: number, end: number): string {
  const level = end <= 0 ? 0 : Math.ceil((value / end) * LEVELS.length) - 1;
  return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, level))] ?? LEVELS[0];
}
