import { Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MeasureUnit } from '../../../contract/measures.js';
import { DrawnPlot, type PlotPoint, type PlotSeries } from './drawn-plot.js';
import classes from './plot.module.css';

interface PlotProps {
  /** The plot in words, for those who do not see it. */
  label: string;
  series: PlotSeries;
  scale: MeasureUnit;
  valueText: (value: number) => string;
  timeText: (ms: number) => string;
  /** What stands above the plot while nothing is pointed at. */
  summary: string;
}

/** One line over time. The plots of a page show the same moment when one of them is pointed at. */
export function Plot({ label, series, scale, valueText, timeText, summary }: PlotProps) {
  const [pointed, setPointed] = useState<PlotPoint | null>(null);
  const scheme = useComputedColorScheme('light');
  return (
    <>
      <Text size="sm" c="dimmed" className="numeric" data-readout>
        {pointed === null ? summary : `${timeText(pointed.at)}: ${valueText(pointed.value)}`}
      </Text>
      {/* Colours are drawn, not styled: another scheme is another drawing. */}
      <Drawing key={scheme} label={label} series={series} scale={scale} valueText={valueText} onPoint={setPointed} />
    </>
  );
}

function Drawing({
  label,
  series,
  scale,
  valueText,
  onPoint,
}: Pick<PlotProps, 'label' | 'series' | 'scale' | 'valueText'> & { onPoint: (point: PlotPoint | null) => void }) {
  const frame = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnPlot>(null);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const plot = new DrawnPlot(frame.current, scale, valueText, onPoint);
    drawn.current = plot;
    return () => plot.destroy();
  }, [scale, valueText, onPoint]);
  useEffect(() => drawn.current?.show(series), [series]);
  return <div ref={frame} className={`${classes['plot']} live`} role="img" aria-label={label} />;
}
