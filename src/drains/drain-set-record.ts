import type { OnDeadline } from '../../contract/decision.js';
import type {
  AgentUpdate,
  DrainSetMember,
  DrainSetRuling,
  DrainSetState,
  UnavailableOthers,
} from '../../contract/drain-set.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';

/** A drain set as the record holds it: what was asked for, what is wanted now, and how far its workflow says it has come. */
export interface DrainSetRecord {
  id: string;
  /** Who asked for it: each node's deactivation is their decision. */
  actor: Actor;
  at: EpochMs;
  reason: string;
  /** What chose the nodes. */
  labels: string[];
  maxUnavailable: number;
  /** How long each node's drain is patient, in milliseconds; null: for ever. */
  patienceMs: number | null;
  onDeadline: OnDeadline;
  /** No node begins before this moment. Absent: at once. */
  notBefore?: EpochMs;
  /** When its nodes come back by themselves. Absent: when somebody activates them. */
  until?: EpochMs;
  /** The name of the maintenance window within which its nodes begin. Absent: at any time. */
  window?: string;
  /** Absent: the nodes are drained, and stay so. */
  update?: AgentUpdate;
  ruling: DrainSetRuling;
  /** As the workflow last wrote them; all QUEUED before that. The nodes themselves never change. */
  members: DrainSetMember[];
  state: DrainSetState;
  /** Of the workflow's last projection; 0 before the first. */
  revision: number;
  /** seq of the ruling that the workflow has applied; 0 before it has begun. */
  rulingSeq: number;
  /** As the workflow last saw them. */
  others: UnavailableOthers;
  /** Because of them no further node begins. */
  waiting: boolean;
  endedAt: EpochMs | null;
}

type Named = Pick<DrainSetRecord, 'id' | 'reason' | 'update'>;

/** What people call it. */
export function nameOf({ id, update }: Pick<DrainSetRecord, 'id' | 'update'>): string {
  return update === undefined ? `drain set ${id}` : `agent update ${id}`;
}

/** The reason that the decisions of a drain set are written down with: how they are told from others'. */
export function beginReason(set: Named): string {
  const { update, reason } = set;
  const what = update === undefined ? nameOf(set) : `${nameOf(set)} to ${update.version}`;
  return reason === '' ? what : `${what}: ${reason}`;
}

export function releaseReason(set: Pick<DrainSetRecord, 'id' | 'update'>): string {
  return `${nameOf(set)} was cancelled`;
}
