import { useState, type ReactNode } from 'react';
import classes from './figures-table.module.css';

interface FiguresTableProps {
  /** Name of the region: `Figures of the last hour`. */
  label: string;
  /** It may have many rows, so it scrolls in both directions. */
  isLong?: boolean;
  /** Called when it is opened, since a table of a large fleet takes a while to make. */
  children: () => { caption: string; columns: readonly string[]; rows: ReactNode };
}

/** A plot or picture as a collapsed table of figures, for screen readers and keyboards too. */
export function FiguresTable(props: FiguresTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={classes['details']}
      data-long={props.isLong || undefined}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Show as a table</summary>
      {open && <Figures {...props} />}
    </details>
  );
}

function Figures({ label, children }: FiguresTableProps) {
  const { caption, columns, rows } = children();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- lets the keyboard scroll it
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={label}>
      <table className={classes['table']}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="numeric">{rows}</tbody>
      </table>
    </div>
  );
}
