import type uPlot from 'uplot';
import type { MeasureUnit } from '../../../contract/measures.js';
import { drawnColour } from '../parts/drawn-colour.js';
import { drawBehind, drawMarks, type PlotColours } from './plot-marks.js';
import type { PlotSeries } from './plot-series.js';

interface PlotOptionsRequest {
  /** Its size is the plot's; its styles say the colours. */
  element: HTMLElement;
  /** How the values' axis is divided. */
  scale: MeasureUnit;
  /** What is drawn at present. */
  series: () => PlotSeries;
  valueText: (value: number) => string;
  /** Index of the point that is pointed at. */
  onPoint: (index: number | null | undefined) => void;
  /** A stretch was drawn over, in seconds since 1970. */
  onZoom: (from: number, to: number) => void;
}

/** Steps of the axes: sizes are divided by two, not by ten. */
const INCREMENTS: Record<MeasureUnit, number[]> = {
  fraction: [0.05, 0.1, 0.25, 0.5],
  load: [0.1, 0.25, 0.5, ...byTens()],
  bytes: Array.from({ length: 44 }, (_, power) => 2 ** (power + 8)),
  count: byTens(),
};

/** The least that an axis spans, so that next to nothing does not look like much. */
const LEAST: Record<MeasureUnit, number> = { fraction: 1, load: 1, bytes: 4, count: 4 };

/** Room for the largest label: the axes of all plots of a page stand under each other. */
const VALUE_AXIS = 68;
/** A shorter drag is a click, in pixels. */
const SHORTEST_DRAG = 8;

export function byTens(): number[] {
  return [1, 2, 5]
    .flatMap((digit) => Array.from({ length: 9 }, (_, power) => digit * 10 ** power))
    .toSorted((a, b) => a - b);
}

export const PLOT_FONT = '12px system-ui, sans-serif';

/** A plot in the page's colours: an area under a line, its band, few grid lines, no legend. What is drawn over is zoomed into. */
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
      // What is pointed at is shown in all of them; what is drawn over is asked for once.
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

/** As high as the values go; a ceiling is in sight where they come near to it, and always where it says how full something is. */
function topOf({ ceiling, warns }: PlotSeries, highest: number, least: number): number {
  const top = Math.max(least, (highest || 0) * 1.1);
  if (ceiling === undefined || (warns === undefined && highest < ceiling / 2 && ceiling > least)) return top;
  return Math.max(ceiling * 1.06, highest * 1.02);
}

/** Hours and minutes by the clock; days, where the axis spans more than one; seconds where it spans minutes. */
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
