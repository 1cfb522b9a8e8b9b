import type { DrainSet } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column, Style } from './table.js';

const STYLES: Partial<Record<DrainSet['state'], Style>> = {
  RUNNING: 'green',
  PAUSED: 'yellow',
  CANCELLING: 'yellow',
  CANCELLED: 'dim',
  DONE: 'dim',
};

/** Drains of sets, begun so long ago. */
export function drainColumns(now: EpochMs): readonly Column<DrainSet>[] {
  return [
    { header: 'ID', cell: ({ id }) => id },
    { header: 'STATE', cell: ({ state }) => state, style: ({ state }) => STYLES[state] },
    { header: 'LABELS', cell: ({ labels }) => labels.join(',') },
    { header: 'NODES', cell: progress },
    { header: 'AGE', cell: ({ at }) => formatAge(at, now) },
    { header: 'BY', cell: ({ by }) => by },
  ];
}

/** What `-o wide` adds. */
export function wideDrainColumns(now: EpochMs): readonly Column<DrainSet>[] {
  return [
    ...drainColumns(now),
    { header: 'AT ONCE', cell: ({ maxUnavailable }) => String(maxUnavailable) },
    {
      header: 'DEADLINE',
      cell: ({ deadline, onDeadline }) => (deadline === null ? '-' : `${deadline}, ${onDeadline}`),
    },
    { header: 'REASON', cell: ({ reason }) => reason || '-' },
  ];
}

/** `3/12`: as many of its nodes it has left behind. */
function progress({ counts }: DrainSet): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${total - counts.QUEUED - counts.DRAINING}/${total}`;
}
