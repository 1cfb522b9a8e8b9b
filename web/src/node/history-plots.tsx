import { useMemo } from 'react';
import type { Node, NodeHistory } from '../../../client/index.js';
import { measure, MEASURE_KEYS, type MeasureKey } from '../../../contract/measures.js';
import { figureText } from '../parts/size-text.js';
import { Panel } from '../parts/panel.js';
import classes from './history-plots.module.css';
import type { PlotHandlers } from './drawn-plot.js';
import { plottedMeasures } from '../api/node-history-query.js';
import { Plot } from './plot.js';
import { plotSeries, type PlotSeries } from './plot-series.js';
import { momentText } from './moment-text.js';

interface HistoryPlotsProps {
  history: NodeHistory;
  node: Node;
  words: string;
  /** Must be a stable reference: a plot is redrawn for another one. */
  onZoom: PlotHandlers['onZoom'];
}

/** The measures that the node has reported, as one plot each over a common axis of time. */
export function HistoryPlots({ history, ...props }: HistoryPlotsProps) {
  return (
    <div className={classes['plots']}>
      {plottedMeasures(history).map((key) => (
        <MeasurePlot key={key} measured={key} history={history} {...props} />
      ))}
    </div>
  );
}

function MeasurePlot({ measured, history, node, words, onZoom }: HistoryPlotsProps & { measured: MeasureKey }) {
  const series = useMemo(() => plotSeries(measured, history, node), [measured, history, node]);
  const { title, unit } = measure(measured);
  const summary = summaryOf(measured, series);
  return (
    <Panel title={title}>
      <Plot
        label={`${title} over ${words}: ${summary}`}
        series={series}
        scale={unit}
        valueText={TEXT_OF[measured]}
        timeText={(ms) => momentText(ms, series.to - series.from)}
        summary={summary}
        onZoom={onZoom}
      />
    </Panel>
  );
}

/** One stable function per measure, since a plot is redrawn for another one. */
const TEXT_OF = Object.fromEntries(
  MEASURE_KEYS.map((key) => [key, (figure: number) => figureText(key, figure)]),
) as Record<MeasureKey, (figure: number) => string>;

function summaryOf(key: MeasureKey, { values, band, ceiling }: PlotSeries): string {
  const last = values.at(-1) ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const text = TEXT_OF[key];
  const of = ceiling === undefined || measure(key).unit === 'fraction' ? '' : ` of ${text(ceiling)}`;
  return `last ${text(last)}${of}, mean ${text(mean)}, highest ${text(Math.max(...(band?.most ?? values)))}`;
}
