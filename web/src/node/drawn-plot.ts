import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { MeasureUnit } from '../../../contract/measures.js';
import { plotOptions } from './plot-options.js';
import type { PlotSeries } from './plot-series.js';
import { withGaps } from './with-gaps.js';

/** The point under the pointer. */
export interface PlotPoint {
  at: number;
  value: number;
  /** The minimum and maximum of which `value` is the mean; undefined if all are equal. */
  extremes: { least: number; most: number } | undefined;
}

/** Called on a person's actions. */
export interface PlotHandlers {
  onPoint: (point: PlotPoint | null) => void;
  /** A range was selected by dragging, in milliseconds since 1970. */
  onZoom: (from: number, to: number) => void;
}

const NOTHING: PlotSeries = {
  times: [],
  values: [],
  band: undefined,
  from: 0,
  to: 1,
  gapMs: 1,
  ceiling: undefined,
  warns: undefined,
  marks: [],
};

/** A plot on a canvas of its element's size, in the page's colours at the time when it is made. */
export class DrawnPlot {
  private series = NOTHING;
  private readonly plot: uPlot;
  private readonly observer: ResizeObserver;

  constructor(
    element: HTMLElement,
    scale: MeasureUnit,
    valueText: (value: number) => string,
    { onPoint, onZoom }: PlotHandlers,
  ) {
    const options = plotOptions({
      element,
      scale,
      series: () => this.series,
      valueText,
      onPoint: (index) => onPoint(this.pointAt(index)),
      onZoom: (from, to) => onZoom(Math.round(from * 1_000), Math.round(to * 1_000)),
    });
    this.plot = new uPlot(options, [[], [], [], []], element);
    this.observer = new ResizeObserver(() =>
      this.plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    this.observer.observe(element);
  }

  show(series: PlotSeries): void {
    this.series = series;
    const { times, values, band, gapMs } = series;
    const none = times.map(() => null);
    this.plot.setData(withGaps(times, [values, band?.least ?? none, band?.most ?? none], gapMs));
  }

  destroy(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }

  private pointAt(index: number | null | undefined): PlotPoint | null {
    const [at, value, least, most] = this.plot.data.map((line) => line[index ?? -1]);
    if (typeof at !== 'number' || typeof value !== 'number') return null;
    const hides = typeof least === 'number' && typeof most === 'number' && most > least;
    return { at: at * 1_000, value, extremes: hides ? { least, most } : undefined };
  }
}
