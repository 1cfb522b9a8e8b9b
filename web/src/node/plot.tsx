import { Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MeasureUnit } from '../../../contract/measures.js';
import { DrawnPlot, type PlotHandlers, type PlotPoint } from './drawn-plot.js';
import type { PlotSeries } from './plot-series.js';
import classes from './plot.module.css';

interface PlotProps {
  /** Description of the plot for screen readers. */
  label: string;
  series: PlotSeries;
  scale: MeasureUnit;
  valueText: (value: number) => string;
  timeText: (ms: number) => string;
  /** Shown above the plot while the pointer is elsewhere. */
  summary: string;
  /** A range was selected by dragging. */
  onZoom: PlotHandlers['onZoom'];
}

/** One line over time. The pointer in one plot is shown in all plots of the page. */
export function Plot({ label, series, scale, valueText, timeText, summary, onZoom }: PlotProps) {
  const [pointed, setPointed] = useState<PlotPoint | null>(null);
  const scheme = useComputedColorScheme('light');
  return (
    <>
      <Text size="sm" c="dimmed" className="numeric" data-readout>
        {pointed === null ? summary : `${timeText(pointed.at)}: ${pointText(pointed, valueText)}`}
      </Text>
      {/* The canvas keeps its colours, so another colour scheme means another drawing. */}
      <Drawing
        key={scheme}
        label={label}
        series={series}
        scale={scale}
        valueText={valueText}
        onPoint={setPointed}
        onZoom={onZoom}
      />
    </>
  );
}

function pointText({ value, extremes }: PlotPoint, text: (value: number) => string): string {
  return extremes ? `${text(value)} (${text(extremes.least)} to ${text(extremes.most)})` : text(value);
}

function Drawing({
  label,
  series,
  scale,
  valueText,
  onPoint,
  onZoom,
}: Pick<PlotProps, 'label' | 'series' | 'scale' | 'valueText'> & PlotHandlers) {
  const frame = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnPlot>(null);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const plot = new DrawnPlot(frame.current, scale, valueText, { onPoint, onZoom });
    drawn.current = plot;
    return () => plot.destroy();
  }, [scale, valueText, onPoint, onZoom]);
  useEffect(() => drawn.current?.show(series), [series]);
  return <div ref={frame} className={`${classes['plot']} live`} role="img" aria-label={label} />;
}
