import { extremesOf, measure, type MeasureKey } from '../../../contract/measures.js';
import { FiguresTable } from '../parts/figures-table.js';
import { figureText } from '../parts/size-text.js';
import type { NodeHistory } from '../../../client/index.js';
import { momentText } from './moment-text.js';
import { shownMeasures } from '../api/node-history-query.js';

/** Number of rows: more would be too long to read, fewer would hide too much. */
const ROWS = 24;

/** The plots as figures: means over equal parts of the range. */
export function HistoryTable({ history, words }: { history: NodeHistory; words: string }) {
  const [from, to] = [Date.parse(history.from), Date.parse(history.to)];
  const measures = shownMeasures(history);
  return (
    <FiguresTable label={`Figures of ${words}`}>
      {() => ({
        caption: `Means over ${words}, latest first, with minimum and maximum in brackets`,
        columns: ['From', ...measures.map((key) => measure(key).title)],
        rows: partsOf(history, from, to).map(({ begin, points }) => (
          <tr key={begin}>
            <th scope="row">{momentText(begin, to - from)}</th>
            {points.length === 0 ? (
              <td colSpan={measures.length}>no heartbeat</td>
            ) : (
              measures.map((key) => <td key={key}>{meanText(key, points)}</td>)
            )}
          </tr>
        )),
      })}
    </FiguresTable>
  );
}

function partsOf(
  { points }: NodeHistory,
  from: number,
  to: number,
): { begin: number; points: NodeHistory['points'] }[] {
  const length = (to - from) / ROWS;
  return Array.from({ length: ROWS }, (_, index) => {
    const begin = from + index * length;
    return {
      begin,
      points: points.filter(({ at }) => Date.parse(at) >= begin && Date.parse(at) < begin + length),
    };
  }).toReversed();
}

function meanText(key: MeasureKey, points: NodeHistory['points']): string {
  const figures = points.flatMap((point) => point[key] ?? []);
  if (figures.length === 0) return '–';
  const mean = figureText(key, figures.reduce((sum, figure) => sum + figure, 0) / figures.length);
  const extremes = extremesOf(key);
  if (!extremes) return mean;
  const least = Math.min(...points.flatMap((point) => point[extremes.least] ?? point[key] ?? []));
  const most = Math.max(...points.flatMap((point) => point[extremes.most] ?? point[key] ?? []));
  return most > least ? `${mean} (${figureText(key, least)} to ${figureText(key, most)})` : mean;
}
