import type { FleetHistory } from '../../../client/index.js';
import { FLEET_STATES } from '../../../contract/fleet-state.js';
import { momentText } from '../node/moment-text.js';
import { FiguresTable } from '../parts/figures-table.js';
import { countText } from '../parts/size-text.js';
import { STATE_LOOKS } from './state-looks.js';

/** Number of rows: more would be too long to read, fewer would hide too much. */
const ROWS = 24;

/** The plot as figures: the maximum number of nodes per state in equal parts of the range. */
export function StatesTable({ history: { points, from, to }, words }: { history: FleetHistory; words: string }) {
  const states = FLEET_STATES.filter((state) => points.some((point) => (point.states[state] ?? 0) > 0));
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const length = (end - begin) / ROWS;
  const row = (start: number) => {
    const those = points.filter(({ at }) => Date.parse(at) >= start && Date.parse(at) < start + length);
    return (
      <tr key={start}>
        <th scope="row">{momentText(start, end - begin)}</th>
        {those.length === 0 ? (
          <td colSpan={states.length}>not known</td>
        ) : (
          states.map((state) => (
            <td key={state}>{countText(Math.max(...those.map((point) => point.states[state] ?? 0)))}</td>
          ))
        )}
      </tr>
    );
  };
  return (
    <FiguresTable label={`States over ${words}`} isLong>
      {() => ({
        caption: `The maximum number of nodes in each state over ${words}, latest first`,
        columns: ['From', ...states.map((state) => STATE_LOOKS[state].word)],
        rows: Array.from({ length: ROWS }, (_, index) => begin + index * length)
          .toReversed()
          .map(row),
      })}
    </FiguresTable>
  );
}
