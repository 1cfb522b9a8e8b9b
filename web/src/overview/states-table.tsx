import { useState } from 'react';
import type { FleetHistory } from '../../../client/index.js';
import { FLEET_STATES } from '../../../contract/fleet-state.js';
import { momentText } from '../node/moment-text.js';
import { countText } from '../parts/size-text.js';
import table from './figures-table.module.css';
import { STATE_LOOKS } from './state-looks.js';

/** More than these nobody reads, fewer hide too much. */
const ROWS = 24;

/** The plot as figures: the most nodes of each state in equal parts of the stretch. */
export function StatesTable({ history, words }: { history: FleetHistory; words: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={table['details']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as a table</summary>
      {open && <Table history={history} words={words} />}
    </details>
  );
}

function Table({ history: { points, from, to }, words }: { history: FleetHistory; words: string }) {
  const states = FLEET_STATES.filter((state) => points.some((point) => (point.states[state] ?? 0) > 0));
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const length = (end - begin) / ROWS;
  const rows = Array.from({ length: ROWS }, (_, index) => begin + index * length).toReversed();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be scrolled with the keyboard
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={`States over ${words}`}>
      <table className={table['table']}>
        <caption>{`The most nodes in each state over ${words}, the latest first`}</caption>
        <thead>
          <tr>
            {['From', ...states.map((state) => STATE_LOOKS[state].word)].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="numeric">
          {rows.map((row) => {
            const those = points.filter(({ at }) => Date.parse(at) >= row && Date.parse(at) < row + length);
            return (
              <tr key={row}>
                <th scope="row">{momentText(row, end - begin)}</th>
                {those.length === 0 ? (
                  <td colSpan={states.length}>not known</td>
                ) : (
                  states.map((state) => (
                    <td key={state}>{countText(Math.max(...those.map((point) => point.states[state] ?? 0)))}</td>
                  ))
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
