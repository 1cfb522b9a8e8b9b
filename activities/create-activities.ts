import { stretchedTimeoutMs } from '../contract/heartbeat-pace.js';
import type { LivenessPolicy } from '../contract/lifecycle.js';
import type {
  ActivityPorts,
  AgreedHistory,
  EvidenceRequest,
  FitnessLook,
  GoneAstray,
  HeardMeanwhile,
  HeartbeatEvidence,
  HistoryRequest,
  PlanLook,
  Projection,
  ProjectionRefusal,
  RemovalRequest,
} from './ports.js';

/** Evidence of a node's life, the policy to judge it by, and how soon to look again. */
export interface LivenessReport extends Omit<HeartbeatEvidence, 'intervalMs'> {
  /** How much of its silence was within mass silences and does not count for irreversible consequences, in milliseconds. Absent in older reports. */
  heldMs?: number;
  /** For this node: DisconnectTimeout stretched like the interval that it was told. */
  policy: LivenessPolicy;
  /** The next look may not come sooner than this, so that the whole fleet's looks stay within their budget. In milliseconds. */
  minimumLookIntervalMs: number;
}

/**
 * Side effects of lifecycle workflows. Every activity is idempotent: Temporal retries each until it succeeds, and a retry may follow a success
 * whose answer was lost.
 */
export interface LifecycleActivities {
  /** Writes the node's state and events into the record, unless the record refuses them. */
  projectNode(projection: Projection): Promise<ProjectionRefusal | undefined>;
  /** Removes the node unless a later decision has come or, where it was silent, a heartbeat. */
  removeNode(request: RemovalRequest): Promise<'removed' | 'superseded' | HeardMeanwhile | GoneAstray>;
  /** Makes the record and the node's workflow agree on what was decided. */
  reconcileNode(request: HistoryRequest): Promise<AgreedHistory>;
  /** Looks for evidence of life; run as a local activity, since it happens once per node and timeout. */
  lookForHeartbeat(request: Pick<EvidenceRequest, 'uid' | 'heardAt'>): Promise<LivenessReport>;
  /** Takes a node out, or brings it back, as its conditions demand. */
  judgeFitness(request: { uid: string }): Promise<FitnessLook>;
  /** Begins or ends the node's planned deactivation when its time has come. */
  keepPlan(request: { uid: string }): Promise<PlanLook>;
  /** Tells the node's agent to end sessions. */
  terminateSessions(request: { uid: string; sessionIds: string[]; by: string; reason: string }): Promise<void>;
}

export function createActivities(ports: ActivityPorts): LifecycleActivities {
  return {
    projectNode: (projection) => ports.nodes.project(projection),
    removeNode: (request) => ports.nodes.remove(request),
    reconcileNode: (request) => ports.histories.reconcile(request),
    judgeFitness: ({ uid }) => ports.fitness.judge(uid),
    keepPlan: ({ uid }) => ports.plans.keep(uid),
    terminateSessions: (request) => ports.sessions.requestTermination(request),
    async lookForHeartbeat(request) {
      const policy = ports.policy();
      const [{ intervalMs, ...evidence }, fleetSize] = await Promise.all([
        ports.heartbeats.evidenceFor({ ...request, disconnectTimeoutMs: policy.disconnectTimeoutMs }),
        ports.heartbeats.fleetSize(),
      ]);
      const minimumLookIntervalMs = Math.ceil((fleetSize / ports.maxLivenessChecksPerSecond) * 1_000);
      const disconnectTimeoutMs = stretchedTimeoutMs(policy.disconnectTimeoutMs, ports.heartbeatIntervalMs, intervalMs);
      const { lastHeartbeat, blindMs, now } = evidence;
      const isSilent = lastHeartbeat !== undefined && now - lastHeartbeat - blindMs >= disconnectTimeoutMs;
      const heldMs = isSilent ? await ports.massSilence.heldSince(lastHeartbeat, disconnectTimeoutMs) : 0;
      return {
        ...evidence,
        ...(heldMs > 0 && { heldMs }),
        policy: { ...policy, disconnectTimeoutMs },
        minimumLookIntervalMs,
      };
    },
  };
}
