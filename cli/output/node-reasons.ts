import type { Node } from '../../client/types.gen.js';
import { shownLiveness } from '../../contract/health.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import { formatAge } from './age.js';
import type { Column, Style } from './table.js';

/** One reason why a node is not simply in service. */
export interface NodeReason {
  node: string;
  state: string;
  since: string | null;
  by: string;
  reason: string;
}

const IN_SERVICE = new Set(['HEALTHY', 'CONNECTED']);

/** No reason for a node that is approved, active, healthy and fit. */
export function reasonsOf(node: Node): NodeReason[] {
  const {
    id,
    approval,
    availability,
    status,
    overdue,
    lastHeartbeat,
    copied,
    conditions,
    drain,
    quarantine,
    heldBack,
    until,
    planned,
  } = node;
  const of = (state: string, { since, by, reason }: Omit<NodeReason, 'node' | 'state'>): NodeReason => ({
    node: id,
    state,
    since,
    by,
    reason,
  });
  if (node.phase === 'REGISTERED') return [of(node.phase, { ...approval, reason: 'its agent has not joined yet' })];
  const unfit = (conditions ?? []).filter((condition) => condition.status === 'UNFIT');
  return [
    ...(approval.value === 'APPROVED' ? [] : [of(approval.value, approval)]),
    ...(availability.value === 'ACTIVE'
      ? []
      : [
          of(
            `${availability.value}${drain?.thenRemove ? ', then removed' : until ? ` until ${until}` : ''}`,
            availability,
          ),
        ]),
    ...(planned ? [of(`PLANNED at ${planned.at}${planned.until ? ` until ${planned.until}` : ''}`, planned)] : []),
    ...(quarantine?.policy === 'noNewSessions' ? [of('NO NEW SESSIONS', { ...quarantine, by: availability.by })] : []),
    ...(heldBack ? [of('HELD BACK', { ...heldBack, by: SYSTEM })] : []),
    ...(overdue
      ? [of(status, { since: lastHeartbeat, by: SYSTEM, reason: 'silent for longer than it may, and not judged yet' })]
      : IN_SERVICE.has(status)
        ? []
        : [of(status, shownLiveness(node))]),
    ...(copied
      ? [of('COPIED', { since: copied.since, by: SYSTEM, reason: 'more than one machine uses its identity' })]
      : []),
    ...unfit.map(({ type, since, by, reason, message }) =>
      of(`UNFIT (${type})`, { since, by, reason: message === '' ? reason : message }),
    ),
  ];
}

const STYLES: readonly [RegExp, Style][] = [
  [/^(REJECTED|UNHEALTHY|DISCONNECTED|COPIED|UNFIT)/, 'red'],
  [/./, 'yellow'],
];

/** Like Slurm's `sinfo -R`: who took it out, since when and why. */
export function reasonColumns(now: EpochMs, timesInFull = false): readonly Column<NodeReason>[] {
  return [
    { header: 'ID', cell: ({ node }) => node },
    {
      header: 'STATE',
      cell: ({ state }) => state,
      style: ({ state }) => STYLES.find(([pattern]) => pattern.test(state))?.[1],
    },
    {
      header: 'SINCE',
      cell: ({ since }) => (since === null ? '-' : timesInFull ? since : `${formatAge(since, now)} ago`),
    },
    { header: 'BY', cell: ({ by }) => by },
    { header: 'REASON', cell: ({ reason }) => reason || '-' },
  ];
}
