import type { Node, NodeHistory } from '../../../client/index.js';
import { extremesOf, measure, scaleEnd, type MeasureKey } from '../../../contract/measures.js';
import { markKind, type MarkKind } from './mark-kind.js';

/** After this many intervals without a point, the line has a gap. */
const GAP_INTERVALS = 2.5;

/** One measure over time; times in milliseconds since 1970. */
export interface PlotSeries {
  /** Ascending. */
  times: readonly number[];
  values: readonly number[];
  /** Minimum and maximum of which each value is the mean; the value itself for a single reading. */
  band: { least: readonly number[]; most: readonly number[] } | undefined;
  /** Range of the time axis. */
  from: number;
  to: number;
  /** Points further apart are not joined. */
  gapMs: number;
  /** The upper limit, if known: a line, and the end of the axis. */
  ceiling: number | undefined;
  /** The values from which on it is a warning and an emergency. */
  warns: { high: number; full: number } | undefined;
  marks: readonly { at: number; kind: MarkKind }[];
}

/** @param node has the number of cores, to which its load is compared */
export function plotSeries(key: MeasureKey, history: NodeHistory, node: Pick<Node, 'resources'>): PlotSeries {
  const { points, from, to, intervalMs, resolutionMs, marks } = history;
  const extremes = extremesOf(key);
  const measured = points.flatMap((point) => {
    const value = point[key];
    if (value === undefined) return [];
    const [least, most] = extremes ? [point[extremes.least], point[extremes.most]] : [];
    return [{ at: Date.parse(point.at), value, least: least ?? value, most: most ?? value }];
  });
  const hides = measured.some(({ least, most }) => most > least);
  const ceiling = ceilingOf(key, points, node);
  const { warns } = measure(key);
  return {
    times: measured.map(({ at }) => at),
    values: measured.map(({ value }) => value),
    band: hides ? { least: measured.map((one) => one.least), most: measured.map((one) => one.most) } : undefined,
    from: Date.parse(from),
    to: Date.parse(to),
    gapMs: GAP_INTERVALS * Math.max(intervalMs, resolutionMs),
    ceiling,
    warns: warns && ceiling !== undefined ? { high: warns.high * ceiling, full: warns.full * ceiling } : undefined,
    marks: marks.map(({ at, type }) => ({ at: Date.parse(at), kind: markKind(type) })),
  };
}

function ceilingOf(
  key: MeasureKey,
  points: NodeHistory['points'],
  { resources }: Pick<Node, 'resources'>,
): number | undefined {
  // More runnable processes than cores means that they wait for cores.
  if (key === 'loadAverage') return resources?.cpu.cores;
  const end = scaleEnd(key);
  if (typeof end !== 'string') return end;
  return Math.max(...points.map((point) => point[end] ?? 0)) || undefined;
}
