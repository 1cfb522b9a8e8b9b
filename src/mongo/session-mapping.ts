import { reservationFor, type CachedSession, type SessionState } from '../../contract/sessions.js';
import { type SessionRecord, isLive } from '../sessions/session-record.js';
import { fromPairs, toPairs } from './node-mapping.js';
import type { SessionDocument } from './schemas/session.schema.js';

/** Projection without the fields that lists and reports do not need. */
export const WITHOUT_BULK = { sql: 0, preview: 0 } as const;

export function toSessionRecord({
  _id,
  labels,
  sql = null,
  preview = null,
  pending: _pending,
  expiresAt: _expiry,
  ...same
}: SessionDocument): SessionRecord {
  return { ...same, key: _id, labels: fromPairs(labels), sql, preview };
}

export function toSessionDocument({ key, labels, ...same }: SessionRecord, retentionMs: number): SessionDocument {
  const { state, endedAt } = same;
  return {
    ...same,
    _id: key,
    labels: toPairs(labels),
    ...(isPending(state) && { pending: true as const }),
    ...(endedAt !== null && { expiresAt: expiry(endedAt, retentionMs) }),
  };
}

/**
 * An update of the state, together with the fields that are derived from it.
 * @param pending whether the node's agent has to act on the session, or report it
 */
export function stateUpdate(
  changes: Partial<Omit<SessionRecord, 'key' | 'labels'>> & { state: SessionState },
  retentionMs: number,
  pending = isPending(changes.state),
) {
  const { endedAt } = changes;
  const ends = typeof endedAt === 'number';
  return {
    $set: {
      ...changes,
      ...(pending && { pending: true as const }),
      ...(ends && { expiresAt: expiry(endedAt, retentionMs) }),
    },
    $unset: { ...(!pending && { pending: 1 as const }), ...(!ends && { expiresAt: 1 as const }) },
  };
}

/** Maps a record to the session cache of a workflow. */
export function toCachedSession(record: SessionRecord): CachedSession[] {
  if (!isLive(record)) return [];
  const { id, kind, principal, statement, state, startedAt, openedAt, resources } = record;
  return [
    {
      id,
      principal,
      statement,
      state,
      startedAt: startedAt ?? openedAt,
      ...(kind === 'managed' && { resources: reservationFor(resources) }),
    },
  ];
}

/** Counts from now where the node's clock is behind. */
function expiry(endedAt: number, retentionMs: number): Date {
  return new Date(Math.max(endedAt, Date.now()) + retentionMs);
}

/** Whether the node's agent has to begin or to end it. */
function isPending(state: SessionState): boolean {
  return state === 'ASSIGNED' || state === 'TERMINATING';
}
