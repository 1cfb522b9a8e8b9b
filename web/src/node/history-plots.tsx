import { useMemo } from 'react';
import type { NodeHistory } from '../../../client/index.js';
import { countText, percentText, sizeText } from '../parts/size-text.js';
import { Panel } from '../parts/panel.js';
import classes from './history-plots.module.css';
import type { PlotSeries } from './drawn-plot.js';
import type { PlotScale } from './plot-options.js';
import { Plot } from './plot.js';
import { momentText } from './moment-text.js';

type Point = NodeHistory['points'][number];

interface Measure {
  title: string;
  value: (point: Point) => number;
  text: (value: number) => string;
  scale: PlotScale;
  /** The end of the scale; absent: as high as the values go. */
  most?: (point: Point) => number;
}

const MEASURES: readonly Measure[] = [
  { title: 'CPU', value: ({ cpu }) => cpu, text: percentText, scale: 'fraction', most: () => 1 },
  {
    title: 'Memory',
    value: ({ memoryUsedBytes }) => memoryUsedBytes,
    text: sizeText,
    scale: 'bytes',
    most: ({ memoryTotalBytes }) => memoryTotalBytes,
  },
  {
    title: 'Disk',
    value: ({ diskUsedBytes }) => diskUsedBytes,
    text: sizeText,
    scale: 'bytes',
    most: ({ diskTotalBytes }) => diskTotalBytes,
  },
  {
    title: 'Connections',
    value: ({ connections }) => connections,
    text: (value) => countText(Math.round(value)),
    scale: 'count',
  },
];

/** A gap in the heartbeats is a gap in the line. So many intervals without a point are one. */
const GAP_INTERVALS = 2.5;

/** What the heartbeats said, as plots over one axis of time. */
export function HistoryPlots({ history, words }: { history: NodeHistory; words: string }) {
  return (
    <div className={classes['plots']}>
      {MEASURES.map((measure) => (
        <MeasurePlot key={measure.title} measure={measure} history={history} words={words} />
      ))}
    </div>
  );
}

function MeasurePlot({ measure, history, words }: { measure: Measure; history: NodeHistory; words: string }) {
  const series = useMemo(() => seriesOf(measure, history), [measure, history]);
  const summary = summaryOf(measure, series.values);
  return (
    <Panel title={measure.title}>
      <Plot
        label={`${measure.title} over ${words}: ${summary}`}
        series={series}
        scale={measure.scale}
        valueText={measure.text}
        timeText={(ms) => momentText(ms, series.to - series.from)}
        summary={summary}
      />
    </Panel>
  );
}

function seriesOf({ value, most }: Measure, { points, from, to, intervalMs, resolutionMs }: NodeHistory): PlotSeries {
  return {
    times: points.map(({ at }) => Date.parse(at)),
    values: points.map(value),
    from: Date.parse(from),
    to: Date.parse(to),
    gapMs: GAP_INTERVALS * Math.max(intervalMs, resolutionMs),
    most: most && Math.max(...points.map(most)),
  };
}

function summaryOf({ text }: Measure, values: readonly number[]): string {
  const last = values.at(-1) ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `last ${text(last)}, mean ${text(mean)}, highest ${text(Math.max(...values))}`;
}
