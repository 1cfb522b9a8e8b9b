import type { Approval, Availability } from './states.js';

/** The word that people see for where a node stands in its life. */
export const PHASES = [
  /** A slot was made and its bootstrap token is unused. */
  'REGISTERED',
  /** The agent has joined and waits for an administrator. */
  'PENDING',
  /** An administrator said no. */
  'REJECTED',
  /** Approved, and no heartbeat since. */
  'WAITING',
  /** Approved and working. Whether it is healthy is liveness's business. */
  'ACTIVE',
  /** No new sessions; running ones finish. */
  'DRAINING',
  /** No sessions left; may be activated again or removed. */
  'DRAINED',
  /** Permanently removed: its credentials are revoked. */
  'REMOVED',
] as const;
export type Phase = (typeof PHASES)[number];

/** What a phase is derived from. */
export interface PhaseFacts {
  /** The agent has used its token and holds a credential. */
  registered: boolean;
  removed: boolean;
  approval: Approval;
  availability: Availability;
  /** A heartbeat has come since the node was approved. */
  heardSinceApproval: boolean;
}

/** The phase is a function of the axes. The record keeps the result beside them, for indexes and lists. */
export function derivePhase(facts: PhaseFacts): Phase {
  if (facts.removed) return 'REMOVED';
  if (facts.approval === 'REJECTED') return 'REJECTED';
  if (!facts.registered) return 'REGISTERED';
  if (facts.approval === 'PENDING') return 'PENDING';
  if (facts.availability !== 'ACTIVE') return facts.availability;
  return facts.heardSinceApproval ? 'ACTIVE' : 'WAITING';
}
