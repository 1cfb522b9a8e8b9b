import type uPlot from 'uplot';
import type { MeasureUnit } from '../../../contract/measures.js';
import { drawnColour } from '../parts/drawn-colour.js';
import { drawBehind, drawMarks, type PlotColours } from './plot-marks.js';
import type { PlotSeries } from './plot-series.js';

interface PlotOptionsRequest {
  /** The element, which determines size and colours. */
  element: HTMLElement;
  /** Unit of the values' axis. */
  scale: MeasureUnit;
  /** What is drawn now. */
  series: () => PlotSeries;
  valueText: (value: number) => string;
  /** Index of the point under the pointer. */
  onPoint: (index: number | null | undefined) => void;
  /** A range was selected by dragging, in seconds since 1970. */
  onZoom: (from: number, to: number) => void;
}

/** Steps of the axes: sizes are divided by two, not by ten. */
const INCREMENTS: Record<MeasureUnit, number[]> = {
  fraction: [0.05, 0.1, 0.25, 0.5],
  load: [0.1, 0.25, 0.5, ...byTens()],
  bytes: Array.from({ length: 44 }, (_, power) => 2 ** (power + 8)),
  count: byTens(),
};

/** Minimum span of an axis, so that small values do not look large. */
const LEAST: Record<MeasureUnit, number> = { fraction: 1, load: 1, bytes: 4, count: 4 };

/** Width of the largest label, so that the axes of all plots are aligned. */
const VALUE_AXIS = 68;
/** Minimum length of a drag in pixels; a shorter one is a click. */
const SHORTEST_DRAG = 8;

export function byTens(): number[] {
  return [1, 2, 5]
    .flatMap((digit) => Array.from({ length: 9 }, (_, power) => digit * 10 ** power))
    .toSorted((a, b) => a - b);
}

export const PLOT_FONT = '12px system-ui, sans-serif';

/** A plot in the page's colours: an area under a line, its band, few grid lines, no legend. Dragging zooms. */
export function plotOptions(request: PlotOptionsRequest): uPlot.Options {
  const { element, scale, series, valueText, onPoint, onZoom } = request;
  const styles = getComputedStyle(element);
  const colours: PlotColours = (name) => drawnColour(element, styles.getPropertyValue(name));
  const axis = {
    stroke: colours('--mantine-color-dimmed'),
    font: PLOT_FONT,
    grid: { stroke: colours('--page-line'), width: 1 },
    ticks: { show: false },
  } satisfies uPlot.Axis;
  const line = colours('--page-busy');
  const unseen = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: {
      y: false,
      // All plots show the point under the pointer; only one reports the zoom.
      sync: {
        key: 'node-history',
        setSeries: false,
        filters: { pub: (type) => type !== 'mousedown' && type !== 'mouseup', sub: () => true },
      },
      drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: () => [series().from / 1_000, series().to / 1_000] },
      y: { range: (_plot, _min, max) => [0, topOf(series(), max, LEAST[scale])] },
    },
    padding: [8, 16, 0, 0],
    axes: [
      { ...axis, size: 28, space: 70, values: (plot, moments) => timeTexts(plot, moments) },
      {
        ...axis,
        size: VALUE_AXIS,
        space: 34,
        incrs: INCREMENTS[scale],
        values: (_plot, values) => values.map((value) => valueText(value)),
      },
    ],
    series: [
      {},
      {
        stroke: line,
        width: 1.5,
        fill: `color-mix(in srgb, ${line} 14%, transparent)`,
        spanGaps: false,
        points: { show: ({ data }) => (data[0]?.length ?? 0) < 3 },
      },
      unseen,
      unseen,
    ],
    bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${line} 30%, transparent)` }],
    hooks: {
      drawClear: [(plot) => drawBehind(plot, series(), colours)],
      draw: [(plot) => drawMarks(plot, series(), colours)],
      setCursor: [({ cursor }) => onPoint(cursor.idx)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < SHORTEST_DRAG) return;
          onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** As high as the values; includes the ceiling if they come close to it, and always for shares. */
function topOf({ ceiling, warns }: PlotSeries, highest: number, least: number): number {
  const top = Math.max(least, (highest || 0) * 1.1);
  if (ceiling === undefined || (warns === undefined && highest < ceiling / 2 && ceiling > least)) return top;
  return Math.max(ceiling * 1.06, highest * 1.02);
}

/** Hours and minutes; dates if the axis spans more than a day; seconds if it spans minutes. */
export function timeTexts({ scales }: uPlot, moments: readonly number[]): string[] {
  const [min, max] = [scales['x']?.min ?? 0, scales['x']?.max ?? 0];
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  const format = new Intl.DateTimeFormat(
    undefined,
    max - min > 2 * 86_400
      ? { weekday: 'short', day: 'numeric' }
      : max - min < 600
        ? { ...clock, second: '2-digit' }
        : clock,
  );
  return moments.map((moment) => format.format(new Date(moment * 1_000)));
}
