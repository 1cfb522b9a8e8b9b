import type { CarriedLifecycle, LifecycleInput, LivenessPolicy } from '../../contract/lifecycle.js';
import type { AppliedState, NodeRecord } from '../record/node-record.js';
import { fitIntoSignal } from './fit-into-signal.js';
import type { SessionsRecord } from '../record/live-sessions.js';

/** How lifecycles run, whatever the node. */
export interface LifecycleSettings {
  policy: LivenessPolicy;
  /** Between telling a session to end and giving it up, in milliseconds. */
  terminationGraceMs: number;
  /** How long a node may take to confirm a session before its place is given back, in milliseconds. */
  confirmTimeoutMs: number;
  /** Events after which a run continues as new. */
  maxRunEvents: number;
  /** Looks for heartbeats that all workflows together may make. */
  maxLivenessChecksPerSecond: number;
}

/**
 * What a node's workflow starts with. A node that had a workflow before (Temporal's database was lost) goes on from what
 * that one wrote last; a new one begins.
 * @param fleet how many nodes there are, about
 * @param sessions the node's live sessions as the records have them; absent where the node never had a workflow
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
    // Spread over as long as the fleet's looks take, so that those who start together are not looked at together.
    firstLookMs: Math.round((fleet / maxLivenessChecksPerSecond) * 1_000 * (0.5 + Math.random())),
    ...(node.applied && { carried: carriedLifecycle(node.applied, sessions) }),
  };
}

/** What the record knows of a node's life. */
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
    // Blind spots are left to the first look for evidence.
    blindMs: 0,
    ...(sessionsHeld && { sessionsHeld }),
    ...(heldBack && { heldBack }),
    sessions: fitIntoSignal(record?.sessions ?? []),
    ...(record?.reportedAt != null && { sessionsReportedAt: record.reportedAt }),
  };
}
