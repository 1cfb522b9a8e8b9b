import type { Alert } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column, Style } from './table.js';

const STYLES: Partial<Record<Alert['severity'], Style>> = { warning: 'yellow', critical: 'red' };
const NOTHING = '-';

export function alertColumns(now: EpochMs): readonly Column<Alert>[] {
  return [
    { header: 'SINCE', cell: ({ since }) => formatAge(since, now) },
    { header: 'SEVERITY', cell: ({ severity }) => severity, style: ({ severity }) => STYLES[severity] },
    { header: 'ALERT', cell: ({ kind }) => kind },
    { header: 'SUBJECT', cell: ({ subject }) => subject },
    { header: 'CLEARED', cell: ({ clearedAt }) => (clearedAt === null ? NOTHING : formatAge(clearedAt, now)) },
    { header: 'SUMMARY', cell: ({ summary }) => summary },
  ];
}

/** Additional columns of `-o wide`. */
export function wideAlertColumns(now: EpochMs): readonly Column<Alert>[] {
  return [
    { header: 'ID', cell: ({ id }) => id },
    ...alertColumns(now),
    {
      header: 'LABELS',
      cell: ({ labels }) =>
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(',') || NOTHING,
    },
  ];
}
