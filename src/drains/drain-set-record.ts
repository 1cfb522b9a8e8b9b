import type { OnDeadline } from '../../contract/decision.js';
import type { DrainSetMember, DrainSetRuling, DrainSetState, UnavailableOthers } from '../../contract/drain-set.js';
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

/** The reason that the decisions of a drain set are written down with: how they are told from others'. */
export function beginReason({ id, reason }: Pick<DrainSetRecord, 'id' | 'reason'>): string {
  return reason === '' ? `drain set ${id}` : `drain set ${id}: ${reason}`;
}

export function releaseReason(id: string): string {
  return `drain set ${id} was cancelled`;
}
