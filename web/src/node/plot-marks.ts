import type uPlot from 'uplot';
import { MARK_STYLES } from './mark-kind.js';
import type { PlotSeries } from './plot-series.js';

/** A style property of the page as a colour. */
export type PlotColours = (name: string) => string;

/** Behind the line: the ranges of warnings and emergencies. */
export function drawBehind(plot: uPlot, { warns, ceiling }: PlotSeries, colours: PlotColours): void {
  const { ctx, bbox, scales } = plot;
  if (warns === undefined || ceiling === undefined || scales['y']?.max == null) return;
  const y = (value: number) => Math.max(bbox.top, plot.valToPos(value, 'y', true));
  const paint = (from: number, to: number, colour: string) => {
    ctx.fillStyle = `color-mix(in srgb, ${colour} 10%, transparent)`;
    ctx.fillRect(bbox.left, y(to), bbox.width, y(from) - y(to));
  };
  paint(warns.high, warns.full, colours('--page-warn'));
  paint(warns.full, ceiling, colours('--page-bad'));
}

/** Over the line: its ceiling, and the marks of events. */
export function drawMarks(plot: uPlot, { ceiling, marks, from, to }: PlotSeries, colours: PlotColours): void {
  const { ctx, bbox, scales } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  const stroke = (colour: string, dash: readonly number[], line: [number, number, number, number]) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = ratio;
    ctx.setLineDash(dash.map((length) => length * ratio));
    ctx.beginPath();
    ctx.moveTo(line[0], line[1]);
    ctx.lineTo(line[2], line[3]);
    ctx.stroke();
  };
  if (ceiling !== undefined && ceiling <= (scales['y']?.max ?? 0)) {
    const y = Math.round(plot.valToPos(ceiling, 'y', true));
    stroke(colours('--mantine-color-dimmed'), [], [bbox.left, y, bbox.left + bbox.width, y]);
  }
  for (const { at, kind } of marks) {
    if (at < from || at > to) continue;
    const x = Math.round(plot.valToPos(at / 1_000, 'x', true));
    const { colour, dash } = MARK_STYLES[kind];
    stroke(colours(colour), dash, [x, bbox.top, x, bbox.top + bbox.height]);
  }
  ctx.restore();
}
