import { countText, percentText, sizeText } from '../parts/size-text.js';
import type { NodeHistory } from '../../../client/index.js';
import { useState } from 'react';
import classes from './history-table.module.css';
import { momentText } from './moment-text.js';

/** Rows that the table has: more than these nobody reads, fewer hide too much. */
const ROWS = 24;

/** The plots as figures, for those who read rather than look: means over equal parts of the stretch. */
export function HistoryTable({ history, words }: { history: NodeHistory; words: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes['details']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
      {open && <Table history={history} words={words} />}
    </details>
  );
}

function Table({ history, words }: { history: NodeHistory; words: string }) {
  const [from, to] = [Date.parse(history.from), Date.parse(history.to)];
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be scrolled with the keyboard
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={`Figures of ${words}`}>
      <table className={classes['table']}>
        <caption>{`Means over ${words}, the latest first`}</caption>
        <thead>
          <tr>
            {['From', 'CPU', 'Memory', 'Disk', 'Connections', 'Sessions'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="numeric">
          {partsOf(history, from, to).map(({ begin, mean }) => (
            <tr key={begin}>
              <th scope="row">{momentText(begin, to - from)}</th>
              {mean === null ? (
                <td colSpan={5}>no heartbeat</td>
              ) : (
                <>
                  <td>{percentText(mean.cpu)}</td>
                  <td>{sizeText(mean.memoryUsedBytes)}</td>
                  <td>{sizeText(mean.diskUsedBytes)}</td>
                  <td>{countText(Math.round(mean.connections))}</td>
                  <td>{countText(Math.round(mean.sessions))}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const FIGURES = ['cpu', 'memoryUsedBytes', 'diskUsedBytes', 'connections', 'sessions'] as const;
type Mean = Record<(typeof FIGURES)[number], number>;

function partsOf({ points }: NodeHistory, from: number, to: number): { begin: number; mean: Mean | null }[] {
  const length = (to - from) / ROWS;
  return Array.from({ length: ROWS }, (_, index) => {
    const begin = from + index * length;
    const inside = points.filter(({ at }) => Date.parse(at) >= begin && Date.parse(at) < begin + length);
    const mean = Object.fromEntries(
      FIGURES.map((figure) => [figure, inside.reduce((sum, point) => sum + point[figure], 0) / inside.length]),
    ) as Mean;
    return { begin, mean: inside.length === 0 ? null : mean };
  }).toReversed();
}
