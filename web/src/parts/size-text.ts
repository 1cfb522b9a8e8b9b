import { scaledBytes } from '../../../contract/byte-size.js';
import { measure, type MeasureKey, type MeasureUnit } from '../../../contract/measures.js';

/** Bytes for people: `1.9 GiB`. */
export function sizeText(bytes: number): string {
  const { value, unit } = scaledBytes(bytes);
  return `${value >= 100 || unit === 'B' ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

const countFormat = new Intl.NumberFormat();

/** A count with thousands separators. */
export function countText(count: number): string {
  return countFormat.format(count);
}

/** `1 node`, `2 nodes`. */
export function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** A share as a whole percentage. */
export function percentText(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

const FIGURES: Record<MeasureUnit, (figure: number) => string> = {
  fraction: percentText,
  bytes: sizeText,
  count: (figure) => countText(Math.round(figure)),
  load: (average) => average.toFixed(2),
};

/** A measured figure in its unit. */
export function figureText(key: MeasureKey, figure: number): string {
  return FIGURES[measure(key).unit](figure);
}
