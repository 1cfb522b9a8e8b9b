import type { MaintenanceWindow } from '../../client/types.gen.js';
import { plainText } from '../../contract/plain-text.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAhead } from './age.js';
import type { Column } from './table.js';

const NOTHING = '-';

export function windowColumns(now: EpochMs): readonly Column<MaintenanceWindow>[] {
  return [
    { header: 'NAME', cell: ({ name }) => name },
    { header: 'CRON', cell: ({ cron }) => cron },
    { header: 'ZONE', cell: ({ timeZone }) => timeZone },
    { header: 'FOR', cell: ({ duration }) => duration },
    {
      header: 'OPENS',
      cell: (window) => openingText(window, now),
      style: ({ openUntil, problem }) => (openUntil !== null ? 'green' : problem !== '' ? 'red' : undefined),
    },
    { header: 'LABELS', cell: ({ labels }) => labels.join(',') || 'all nodes' },
    { header: 'SETS', cell: ({ waiting }) => String(waiting.length) },
  ];
}

/** Additional columns of `-o wide`. */
export function wideWindowColumns(now: EpochMs): readonly Column<MaintenanceWindow>[] {
  return [
    ...windowColumns(now),
    { header: 'NEXT', cell: ({ openings }) => openings[0] ?? NOTHING },
    { header: 'BLACKOUTS', cell: ({ blackouts }) => blackouts.join(',') || NOTHING },
    { header: 'BY', cell: ({ createdBy }) => createdBy },
    { header: 'DESCRIPTION', cell: ({ description }) => description || NOTHING },
  ];
}

/** `opens in 3h`, or why that is unknown. */
export function openingText(window: MaintenanceWindow, now: EpochMs): string {
  const { openUntil, openings, problem } = window;
  const [next] = openings;
  if (openUntil !== null) return `open, closes ${formatAhead(openUntil, now)}`;
  if (next !== undefined) return `opens ${formatAhead(next, now)}`;
  return problem === '' ? 'opens no more' : `not scheduled yet: ${plainText(problem)}`;
}
