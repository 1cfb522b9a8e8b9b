import type { AgentUpdate, DrainSet } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column, Style } from './table.js';

const STYLES: Partial<Record<DrainSet['state'], Style>> = {
  RUNNING: 'green',
  PAUSED: 'yellow',
  HELD: 'red',
  CANCELLING: 'yellow',
  CANCELLED: 'dim',
  DONE: 'dim',
};

/** Columns of drains. */
export function drainColumns(now: EpochMs): readonly Column<DrainSet>[] {
  return [
    { header: 'ID', cell: ({ id }) => id },
    { header: 'STATE', cell: stateWords, style: ({ state }) => STYLES[state] },
    { header: 'LABELS', cell: ({ labels }) => labels.join(',') || '-' },
    { header: 'NODES', cell: progress },
    { header: 'AGE', cell: ({ at }) => formatAge(at, now) },
    { header: 'BY', cell: ({ by }) => by },
  ];
}

/** Columns of agent updates. */
export function agentUpdateColumns(now: EpochMs): readonly Column<AgentUpdate>[] {
  return [
    ...drainColumns(now),
    { header: 'VERSION', cell: ({ version }) => version },
    { header: 'FAILED', cell: ({ counts }) => String(counts.FAILED) },
  ];
}

/** Additional columns of `-o wide`. */
const WIDE: readonly Column<DrainSet>[] = [
  { header: 'AT ONCE', cell: ({ maxUnavailable }) => String(maxUnavailable) },
  { header: 'DEADLINE', cell: ({ deadline, onDeadline }) => (deadline === null ? '-' : `${deadline}, ${onDeadline}`) },
  { header: 'REASON', cell: ({ reason }) => reason || '-' },
];

export function wideDrainColumns(now: EpochMs): readonly Column<DrainSet>[] {
  return [...drainColumns(now), ...WIDE];
}

export function wideAgentUpdateColumns(now: EpochMs): readonly Column<AgentUpdate>[] {
  return [...agentUpdateColumns(now), ...WIDE];
}

/** State, and the window that a set waits for. Older apis know no windows. */
function stateWords({ state, window }: DrainSet): string {
  return window?.waiting ? `${state}, waits for ${window.name}` : state;
}

/** `3/12`: how many of its nodes are done. */
function progress({ counts }: DrainSet): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${total - counts.QUEUED - counts.DRAINING - counts.UPDATING}/${total}`;
}
