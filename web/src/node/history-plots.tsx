import { useMemo } from 'react';
import type { NodeHistory } from '../../../client/index.js';
import { measure, MEASURE_KEYS, scaleEnd, type MeasureKey } from '../../../contract/measures.js';
import { figureText } from '../parts/size-text.js';
import { Panel } from '../parts/panel.js';
import classes from './history-plots.module.css';
import type { PlotSeries } from './drawn-plot.js';
import { shownMeasures } from '../api/node-history-query.js';
import { Plot } from './plot.js';
import { momentText } from './moment-text.js';

/** A gap in the heartbeats is a gap in the line. So many intervals without a point are one. */
const GAP_INTERVALS = 2.5;

/** What the heartbeats said, as plots over one axis of time: one for each measure that the node has. */
export function HistoryPlots({ history, words }: { history: NodeHistory; words: string }) {
  return (
    <div className={classes['plots']}>
      {shownMeasures(history)
        .filter((key) => measure(key).shown === 'plot')
        .map((key) => (
          <MeasurePlot key={key} measured={key} history={history} words={words} />
        ))}
    </div>
  );
}

function MeasurePlot({ measured, history, words }: { measured: MeasureKey; history: NodeHistory; words: string }) {
  const series = useMemo(() => seriesOf(measured, history), [measured, history]);
  const { title, unit } = measure(measured);
  const summary = summaryOf(measured, series.values);
  return (
    <Panel title={title}>
      <Plot
        label={`${title} over ${words}: ${summary}`}
        series={series}
        scale={unit}
        valueText={TEXT_OF[measured]}
        timeText={(ms) => momentText(ms, series.to - series.from)}
        summary={summary}
      />
    </Panel>
  );
}

/** One function for each, since a plot is drawn anew where its text is another. */
const TEXT_OF = Object.fromEntries(
  MEASURE_KEYS.map((key) => [key, (figure: number) => figureText(key, figure)]),
) as Record<MeasureKey, (figure: number) => string>;

function seriesOf(key: MeasureKey, { points, from, to, intervalMs, resolutionMs }: NodeHistory): PlotSeries {
  const end = scaleEnd(key);
  const measured = points.flatMap((point) => {
    const value = point[key];
    return value === undefined ? [] : [{ at: Date.parse(point.at), value }];
  });
  return {
    times: measured.map(({ at }) => at),
    values: measured.map(({ value }) => value),
    from: Date.parse(from),
    to: Date.parse(to),
    gapMs: GAP_INTERVALS * Math.max(intervalMs, resolutionMs),
    most: typeof end === 'string' ? Math.max(...points.map((point) => point[end] ?? 0)) : end,
  };
}

function summaryOf(key: MeasureKey, values: readonly number[]): string {
  const last = values.at(-1) ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const text = TEXT_OF[key];
  return `last ${text(last)}, mean ${text(mean)}, highest ${text(Math.max(...values))}`;
}
