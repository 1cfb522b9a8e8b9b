import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { FleetHistory } from '../../../client/index.js';
import type { FleetState } from '../../../contract/fleet-state.js';
import { byTens, PLOT_FONT, timeTexts } from '../node/plot-options.js';
import { drawnColour } from '../parts/drawn-colour.js';
import { STATE_LOOKS } from './state-looks.js';

/** Points further apart than this many of their usual distances are not joined. */
const GAP_RESOLUTIONS = 2.5;

/** Stacked counts, ready to draw. */
interface Stack {
  /** Seconds since 1970. */
  times: number[];
  /** Upper edge of each state, from the top of the stack down; null for a gap. */
  heights: (number | null)[][];
}

/** @param states from the bottom of the stack up */
export function stacked({ points, resolutionMs }: FleetHistory, states: readonly FleetState[]): Stack {
  const times: number[] = [];
  const heights: (number | null)[][] = states.map(() => []);
  let before: number | undefined;
  for (const point of points) {
    const at = Date.parse(point.at);
    if (before !== undefined && at - before > GAP_RESOLUTIONS * resolutionMs) {
      times.push((before + 1) / 1_000);
      for (const line of heights) line.push(null);
    }
    times.push(at / 1_000);
    let height = 0;
    for (const [index, state] of states.entries()) {
      height += point.states[state] ?? 0;
      heights[index]?.push(height);
    }
    before = at;
  }
  return { times, heights: heights.toReversed() };
}

/** States over time on a canvas of its element's size, with gaps where nothing is known. */
export class StackedPlot {
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;

  /** @param states from the bottom of the stack up */
  constructor(
    element: HTMLElement,
    history: FleetHistory,
    states: readonly FleetState[],
    /** Seconds since 1970; null while the pointer is elsewhere. */
    onPoint: (at: number | null) => void,
  ) {
    const styles = getComputedStyle(element);
    const colour = (name: string) => drawnColour(element, styles.getPropertyValue(name));
    const axis: uPlot.Axis = {
      stroke: colour('--mantine-color-dimmed'),
      font: PLOT_FONT,
      grid: { stroke: colour('--page-line'), width: 1 },
      ticks: { show: false },
    };
    const { times, heights } = stacked(history, states);
    const range: [number, number] = [Date.parse(history.from) / 1_000, Date.parse(history.to) / 1_000];
    this.plot = new uPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: true, range }, y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.05)] } },
        padding: [8, 16, 0, 0],
        axes: [
          { ...axis, size: 28, space: 70, values: (plot, moments) => timeTexts(plot, moments) },
          {
            ...axis,
            size: 52,
            space: 34,
            incrs: byTens(),
            values: (_plot, values) => values.map((value) => value.toLocaleString()),
          },
        ],
        // The highest first: each next one is painted over it.
        series: [
          {},
          ...states.toReversed().map((state) => {
            const drawn = drawnColour(element, STATE_LOOKS[state].colour);
            return { stroke: drawn, fill: drawn, width: 1, spanGaps: false, points: { show: times.length < 3 } };
          }),
        ],
        hooks: { setCursor: [({ cursor, data }) => onPoint(data[0][cursor.idx ?? -1] ?? null)] },
      },
      [times, ...heights] as uPlot.AlignedData,
      element,
    );
    this.observer = new ResizeObserver(() =>
      this.plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    this.observer.observe(element);
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }
}
