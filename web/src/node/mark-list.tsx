import { ScrollArea } from '@mantine/core';
import type { NodeHistory } from '../../../client/index.js';
import { Panel } from '../parts/panel.js';
import { exactTime, inLocalTime } from '../time/time-text.js';
import { eventWord } from '../parts/event-word.js';
import { markKind } from './mark-kind.js';
import classes from './mark-list.module.css';

/** Legend of the lines in the plots: decisions, drains, and restarts of machine or agent. */
export function MarkList({ marks, words }: { marks: NodeHistory['marks']; words: string }) {
  if (marks.length === 0) return null;
  return (
    <Panel title="Events in this time">
      <ScrollArea.Autosize
        mah={180}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': `Decisions, drains and restarts of ${words}` }}
      >
        <ul className={classes['list']}>
          {marks.map(({ at, type, by, reason }) => (
            <li key={`${at} ${type}`} data-mark={type} data-kind={markKind(type)}>
              <span className={classes['line']} aria-hidden />
              <span className="numeric">{exactTime(at)}</span>
              <span>
                <b>{eventWord(type)}</b>
                {` by ${by}`}
                {reason !== '' && `: ${inLocalTime(reason)}`}
              </span>
            </li>
          ))}
        </ul>
      </ScrollArea.Autosize>
    </Panel>
  );
}
