import type { CarriedLifecycle, LifecycleInput, LivenessPolicy } from '../../contract/lifecycle.js';
import type { AppliedState, NodeRecord } from '../record/node-record.js';
import { fitIntoSignal } from './fit-into-signal.js';
import type { SessionsRecord } from '../record/live-sessions.js';

/** Settings shared by all lifecycles. */
export interface LifecycleSettings {
  policy: LivenessPolicy;
  /** Time between telling a session to end and giving it up, in milliseconds. */
  terminationGraceMs: number;
  /** How long a node may take to confirm a session before the reservation is released, in milliseconds. */
  confirmTimeoutMs: number;
  /** Number of history events after which a run continues as new. */
  maxRunEvents: number;
  /** Budget of looks for heartbeats, of all workflows together. */
  maxLivenessChecksPerSecond: number;
}

/**
 * Input of a node's workflow. A node that had a workflow before, which was lost with Temporal's database, continues from its last projection; a
 * new node begins.
 * @param fleet approximate number of nodes
 * @param sessions the node's live sessions from their records; absent where the node never had a workflow
 */
export function lifecycleInput(
  node: NodeRecord,
  { maxLivenessChecksPerSecond, ...settings }: LifecycleSettings,
  fleet: number,
  sessions?: SessionsRecord,
): LifecycleInput {
  return {
    nodeId: node.name,
    uid: node.uid,
    type: node.type,
    decision: node.decision,
    ...settings,
    ...(node.removeAfterMs !== undefined && { removeAfterMs: node.removeAfterMs }),
    // Spread over the time that the fleet's looks take, so that nodes that start together are not looked at together.
    firstLookMs: Math.round((fleet / maxLivenessChecksPerSecond) * 1_000 * (0.5 + Math.random())),
    ...(node.applied && { carried: carriedLifecycle(node.applied, sessions) }),
  };
}

/** State that a lifecycle continues from, from the record. */
export function carriedLifecycle(
  { revision, view }: AppliedState,
  record: SessionsRecord | undefined,
): CarriedLifecycle {
  const { liveness, drainedSeq, lastHeartbeat, bootId, availability, drain, sessionsHeld, heldBack } = view;
  return {
    revision,
    liveness,
    drainedSeq,
    ...(availability.value === 'DRAINED' && { drainedAt: availability.since }),
    ...(drain?.deadlinePassedAt !== undefined &&
      drain.seq !== undefined && { deadlinePassed: { seq: drain.seq, at: drain.deadlinePassedAt } }),
    ...(lastHeartbeat !== undefined && { lastHeartbeat }),
    ...(bootId !== undefined && { bootId }),
    // Blind spots are added by the first look for evidence.
    blindMs: 0,
    ...(sessionsHeld && { sessionsHeld }),
    ...(heldBack && { heldBack }),
    sessions: fitIntoSignal(record?.sessions ?? []),
    ...(record?.reportedAt != null && { sessionsReportedAt: record.reportedAt }),
  };
}
