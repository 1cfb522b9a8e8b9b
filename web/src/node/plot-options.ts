import type uPlot from 'uplot';
import type { MeasureUnit } from '../../../contract/measures.js';
import { drawnColour } from '../parts/drawn-colour.js';

interface PlotOptionsRequest {
  /** Its size is the plot's; its styles say the colours. */
  element: HTMLElement;
  /** How the values' axis is divided. */
  scale: MeasureUnit;
  /** Times in milliseconds since 1970. */
  range: () => { from: number; to: number; most: number | undefined };
  valueText: (value: number) => string;
  /** Index of the point that is pointed at. */
  onPoint: (index: number | null | undefined) => void;
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

export function byTens(): number[] {
  return [1, 2, 5]
    .flatMap((digit) => Array.from({ length: 9 }, (_, power) => digit * 10 ** power))
    .toSorted((a, b) => a - b);
}

export const PLOT_FONT = '12px system-ui, sans-serif';

/** A plot in the page's colours: an area under a line, few grid lines, no legend. */
export function plotOptions({ element, scale, range, valueText, onPoint }: PlotOptionsRequest): uPlot.Options {
  const styles = getComputedStyle(element);
  const colour = (name: string) => drawnColour(element, styles.getPropertyValue(name));
  const [line, grid, text] = [colour('--page-busy'), colour('--page-line'), colour('--mantine-color-dimmed')];
  const axis = {
    stroke: text,
    font: PLOT_FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  } satisfies uPlot.Axis;
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: 'node-history', setSeries: false },
      drag: { x: false, y: false },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: () => [range().from / 1_000, range().to / 1_000] },
      y: { range: (_plot, _min, max) => [0, range().most ?? Math.max(LEAST[scale], max * 1.1)] },
    },
    padding: [8, 16, 0, 0],
    axes: [
      { ...axis, size: 28, space: 70, values: (plot, moments) => timeTexts(plot, moments) },
      {
        ...axis,
        size: scale === 'bytes' ? 68 : 52,
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
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx)] },
  };
}

/** Hours and minutes by the clock; days, where the axis spans more than one. */
export function timeTexts({ scales }: uPlot, moments: readonly number[]): string[] {
  const [min, max] = [scales['x']?.min ?? 0, scales['x']?.max ?? 0];
  const format = new Intl.DateTimeFormat(
    undefined,
    max - min > 2 * 86_400 ? { weekday: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  );
  return moments.map((moment) => format.format(new Date(moment * 1_000)));
}
