import { Text } from '@mantine/core';
import type { Preview } from '../../../client/index.js';
import { countText } from '../parts/size-text.js';
import classes from './preview-table.module.css';

/** The beginning of a result, always shown as text. */
export function PreviewTable({
  preview: { columns, rows, truncated },
  rows: all,
}: {
  preview: Preview;
  rows: number | null;
}) {
  const counted =
    all === null ? `${countText(rows.length)} rows` : `${countText(rows.length)} of ${countText(all)} rows`;
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {counted}
        {truncated && '; columns and long values may be truncated. The whole result is in a file on the node.'}
      </Text>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- lets the keyboard scroll it */}
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Beginning of the result">
        <table className={classes['table']}>
          <thead>
            <tr>
              {columns.map(({ name, type }, index) => (
                // Columns may share a name.
                // oxlint-disable-next-line react/no-array-index-key
                <th key={index} scope="col">
                  {name}
                  <small>{type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a result never changes
              <tr key={index}>
                {row.map((value, column) => (
                  // oxlint-disable-next-line react/no-array-index-key -- a result never changes
                  <td key={column}>{value ?? <span className={classes['null']}>null</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
