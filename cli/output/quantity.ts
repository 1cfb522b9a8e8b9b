import { scaledBytes } from '../../contract/byte-size.js';
import { measure, type MeasureKey, type MeasureUnit } from '../../contract/measures.js';

/** Bytes for people: `512B`, `1.5GiB`, `200GiB`; without a space, so that a column stays one word. */
export function formatBytes(bytes: number): string {
  const { value, unit } = scaledBytes(bytes);
  const digits = unit === 'B' || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')}${unit}`;
}

/** A utilisation from 0 to 1 as `37%`. */
export function formatFraction(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

/** Used of total: `1.2GiB/7.6GiB`. */
export function formatUsage(usage: { usedBytes: number; totalBytes: number }): string {
  return `${formatBytes(usage.usedBytes)}/${formatBytes(usage.totalBytes)}`;
}

/** `1 session`, `2 sessions`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const TEXTS: Record<MeasureUnit, (figure: number) => string> = {
  fraction: formatFraction,
  bytes: formatBytes,
  count: String,
  load: (average) => average.toFixed(2),
};

/** A measured figure in its unit; empty if the machine does not report it. */
export function formatFigure(key: MeasureKey, figure: number | undefined): string {
  return figure === undefined ? '' : TEXTS[measure(key).unit](figure);
}
