import type { Approval, Availability } from './states.js';

/** A node's position in its life, as people see it. */
export const PHASES = [
  /** A slot was created and its bootstrap token is unused. */
  'REGISTERED',
  /** The agent has joined and waits for an administrator. */
  'PENDING',
  /** An administrator rejected it. */
  'REJECTED',
  /** Approved, and no heartbeat since. */
  'WAITING',
  /** Approved and working. Liveness tells whether it is healthy. */
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

/** The phase is a function of the axes. The record stores the result beside them, for indexes and lists. */
export function derivePhase(facts: PhaseFacts): Phase {
  if (facts.removed) return 'REMOVED';
  if (facts.approval === 'REJECTED') return 'REJECTED';
  if (!facts.registered) return 'REGISTERED';
  if (facts.approval === 'PENDING') return 'PENDING';
  if (facts.availability !== 'ACTIVE') return facts.availability;
  return facts.heardSinceApproval ? 'ACTIVE' : 'WAITING';
}
