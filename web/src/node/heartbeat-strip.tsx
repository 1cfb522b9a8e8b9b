import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NodeHistory } from '../../../client/index.js';
import { countText } from '../parts/size-text.js';
import { stretchText } from '../time/time-text.js';
import classes from './heartbeat-strip.module.css';
import type { HeartbeatSlotState } from '../../../contract/history.js';
import { runsOf, type Run } from './heartbeat-runs.js';
import { Panel } from '../parts/panel.js';
import { momentText } from './moment-text.js';

type Heartbeats = NodeHistory['heartbeats'];

const WORDS: Record<HeartbeatSlotState, string> = {
  before: 'before it joined',
  received: 'received',
  late: 'late',
  missed: 'missed',
  blind: 'the control plane was not listening',
};
/** Height of a slot in percent, so that its fate is visible without its colour. */
const HEIGHTS: Record<HeartbeatSlotState, number> = { before: 8, received: 100, late: 60, missed: 25, blind: 8 };
const LISTED = 50;

/** Whether heartbeats arrived, slot by slot from left to right. */
export function HeartbeatStrip({
  heartbeats,
  words,
  end,
}: {
  heartbeats: Heartbeats;
  words: string;
  /** End of the range, in milliseconds since 1970; null for now. */
  end: number | null;
}) {
  const runs = runsOf(heartbeats);
  const disturbances = runs
    .filter(({ state }) => state === 'late' || state === 'missed' || state === 'blind')
    .toReversed();
  const { received, late, missed, slots, slotMs } = heartbeats;
  const summary = `Heartbeats of ${words}, in slots of ${stretchText(slotMs)}: ${countText(received)} received, ${countText(late)} late, ${countText(missed)} missed.`;
  return (
    <Panel title="Heartbeats">
      <svg
        className={`${classes['strip']} live`}
        viewBox={`0 0 ${slots.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        data-strip
      >
        {runs.map((run) => (
          <RunBars key={run.index} run={run} slotMs={slotMs} />
        ))}
      </svg>
      <div className={classes['scale']} aria-hidden>
        <span>{momentText(Date.parse(heartbeats.from), slotMs * slots.length)}</span>
        <span>{end === null ? 'now' : momentText(end, slotMs * slots.length)}</span>
      </div>
      <ul className={classes['legend']} aria-label="What the heights mean">
        <LegendItem state="received">{countText(received)} received</LegendItem>
        <LegendItem state="late">{countText(late)} late</LegendItem>
        <LegendItem state="missed">{countText(missed)} missed</LegendItem>
        {slots.includes('blind') && <LegendItem state="blind">the control plane was not listening</LegendItem>}
        {slots.includes('before') && <LegendItem state="before">before it joined</LegendItem>}
      </ul>
      <details className={classes['details']}>
        <summary>
          {disturbances.length === 0 ? 'No heartbeats were late or missed' : 'Late and missed heartbeats'}
        </summary>
        {disturbances.length === 0 ? (
          <Text size="sm" c="dimmed">
            {summary}
          </Text>
        ) : (
          <ul>
            {disturbances.slice(0, LISTED).map((run) => (
              <li key={run.index}>{runText(run, slotMs)}</li>
            ))}
            {disturbances.length > LISTED && <li>{`and ${disturbances.length - LISTED} earlier ones`}</li>}
          </ul>
        )}
      </details>
    </Panel>
  );
}

/** One bar per slot, drawn as one path, with gaps if there is room. */
function RunBars({ run, slotMs }: { run: Run; slotMs: number }) {
  const { state, index, length } = run;
  const top = 100 - HEIGHTS[state];
  const bars = Array.from({ length }, (_, slot) => `M${index + slot + 0.1} ${top}h0.8V100h-0.8z`).join('');
  return (
    <path d={bars} data-state={state} pointerEvents="bounding-box">
      <title>{runText(run, slotMs)}</title>
    </path>
  );
}

function runText({ state, from, to, length }: Run, slotMs: number): string {
  const span = length * slotMs;
  return `${momentText(from, span)} to ${momentText(to, span)}, ${stretchText(span)}: ${WORDS[state]}`;
}

function LegendItem({ state, children }: { state: HeartbeatSlotState; children: ReactNode }) {
  return (
    <li data-state={state}>
      <svg width="8" height="16" viewBox="0 0 8 100" preserveAspectRatio="none" aria-hidden>
        <rect width="8" height={HEIGHTS[state]} y={100 - HEIGHTS[state]} />
      </svg>
      {children}
    </li>
  );
}
