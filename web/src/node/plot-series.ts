import type { Node, NodeHistory } from '../../../client/index.js';
import { extremesOf, measure, scaleEnd, type MeasureKey } from '../../../contract/measures.js';
import { markKind, type MarkKind } from './mark-kind.js';

/** A gap in the heartbeats is a gap in the line. So many intervals without a point are one. */
const GAP_INTERVALS = 2.5;

/** One measure over time, as it is drawn; times in milliseconds since 1970. */
export interface PlotSeries {
  /** Rising. */
  times: readonly number[];
  values: readonly number[];
  /** What each value hides as the mean that it is: the least and the most meanwhile. The value itself where it is one reading. */
  band: { least: readonly number[]; most: readonly number[] } | undefined;
  /** What the axis of time spans. */
  from: number;
  to: number;
  /** Points further apart are not joined. */
  gapMs: number;
  /** The most that there is, where that is known: a line, and where the axis ends. */
  ceiling: number | undefined;
  /** From where on it is a worry, and an emergency. */
  warns: { high: number; full: number } | undefined;
  marks: readonly { at: number; kind: MarkKind }[];
}

/** @param node tells how many cores its load is carried by */
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
  // What more processes than cores wait for is cores.
  if (key === 'loadAverage') return resources?.cpu.cores;
  const end = scaleEnd(key);
  if (typeof end !== 'string') return end;
  return Math.max(...points.map((point) => point[end] ?? 0)) || undefined;
}
