/** @import { Measure } from '../contract/measures.js' */

/**
 * Every figure that is kept of a node over time, and where it is shown.
 * @param {Record<string, Measure>} measures
 */
export function measureTable(measures) {
  const rows = Object.entries(measures).map(
    ([key, { title, unit, folds, shown, extremeOf, means }]) =>
      `| \`${key}\` | ${title} | ${unit} | ${folds} | ${shown === 'plot' ? 'plot, table' : (shown ?? (extremeOf ? 'band of a plot' : 'end of a scale'))} | ${means} |`,
  );
  return [
    '| figure | title | unit | of several | shown as | what it is |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
