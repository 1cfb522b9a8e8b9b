import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { MeasureUnit } from '../../../contract/measures.js';
import { plotOptions } from './plot-options.js';
import { withGaps } from './with-gaps.js';

/** One line over time, as it is drawn; times in milliseconds since 1970. */
export interface PlotSeries {
  /** Rising. */
  times: readonly number[];
  values: readonly number[];
  /** What the axis of time spans. */
  from: number;
  to: number;
  /** Points further apart are not joined. */
  gapMs: number;
  /** The end of the values' axis; absent: as high as the values go. */
  most: number | undefined;
}

/** What is pointed at. */
export interface PlotPoint {
  at: number;
  value: number;
}

/** A plot on its canvas, as large as its element is. Its colours are those that the page has when it is made. */
export class DrawnPlot {
  private series: PlotSeries = { times: [], values: [], from: 0, to: 1, gapMs: 1, most: undefined };
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;

  constructor(
    element: HTMLElement,
    scale: MeasureUnit,
    valueText: (value: number) => string,
    onPoint: (point: PlotPoint | null) => void,
  ) {
    const pointAt = (index: number | null | undefined) => {
      const [times, values] = this.plot.data;
      const [at, value] = [times[index ?? -1], values?.[index ?? -1]];
      onPoint(at === undefined || value === undefined || value === null ? null : { at: at * 1_000, value });
    };
    const options = plotOptions({ element, scale, range: () => this.series, valueText, onPoint: pointAt });
    this.plot = new uPlot(options, [[], []], element);
    this.observer = new ResizeObserver(() =>
      this.plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    this.observer.observe(element);
  }

  show(series: PlotSeries): void {
    this.series = series;
    this.plot.setData(withGaps(series.times, series.values, series.gapMs));
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }
}
