import type { OnDeadline } from '../../contract/decision.js';
import type {
  AgentUpdate,
  DrainSetMember,
  DrainSetRuling,
  DrainSetState,
  UnavailableOthers,
} from '../../contract/drain-set.js';
import type { Scope } from '../../contract/grants.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';

/** A drain set in the record: the request, the ruling in force, and the progress by its workflow. */
export interface DrainSetRecord {
  id: string;
  /** The set's author, in whose name its nodes are deactivated. */
  actor: Actor;
  /** The creator's scopes when it was created. Absent: no limit. */
  scopes?: readonly Scope[];
  at: EpochMs;
  reason: string;
  /** Labels that selected the nodes. */
  labels: string[];
  maxUnavailable: number;
  /** Drain deadline of each node, in milliseconds from its start; null for none. */
  patienceMs: number | null;
  onDeadline: OnDeadline;
  /** No node begins before this time; absent where nodes begin at once. */
  notBefore?: EpochMs;
  /** When its nodes come back by themselves; absent where they wait to be activated. */
  until?: EpochMs;
  /** Name of the maintenance window within which its nodes begin; absent where they begin at any time. */
  window?: string;
  /** The agents' update; absent where the nodes are only drained. */
  update?: AgentUpdate;
  ruling: DrainSetRuling;
  /** Members as last projected; all QUEUED before that. The set of nodes never changes. */
  members: DrainSetMember[];
  state: DrainSetState;
  /** Revision of the workflow's last projection; 0 before the first. */
  revision: number;
  /** seq of the ruling that the workflow has applied; 0 before it has begun. */
  rulingSeq: number;
  /** Unavailable nodes as the workflow last saw them. */
  others: UnavailableOthers;
  /** Whether these keep further nodes from beginning. */
  waiting: boolean;
  endedAt: EpochMs | null;
}

type Named = Pick<DrainSetRecord, 'id' | 'reason' | 'update'>;

/** The set's name for people. */
export function nameOf({ id, update }: Pick<DrainSetRecord, 'id' | 'update'>): string {
  return update === undefined ? `drain set ${id}` : `agent update ${id}`;
}

/** Reason of the set's decisions, by which they are told from others. */
export function beginReason(set: Named): string {
  const { update, reason } = set;
  const what = update === undefined ? nameOf(set) : `${nameOf(set)} to ${update.version}`;
  return reason === '' ? what : `${what}: ${reason}`;
}

export function releaseReason(set: Pick<DrainSetRecord, 'id' | 'update'>): string {
  return `${nameOf(set)} was cancelled`;
}
