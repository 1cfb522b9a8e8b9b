import { isoTime } from '../../contract/iso-time.js';
import { lt, parse } from 'semver';
import { conditionRules } from '../../contract/config/condition-rules.js';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import { availabilityOf } from '../../contract/decision.js';
import { formatDuration } from '../../contract/duration.js';
import { isOverdue, missedHeartbeats, statusOf } from '../../contract/health.js';
import { awaitedIntervalMs, stretchedTimeoutMs } from '../../contract/heartbeat-pace.js';
import { lifecycleWorkflowId } from '../../contract/lifecycle.js';
import { returnsAt, type ConditionRules } from '../../contract/quarantine.js';
import type { Node } from '../../contract/schemas/nodes.js';
import { NO_RESOURCES } from '../../contract/sessions.js';
import { SYSTEM, type Availability, type Condition, type EpochMs, type Liveness } from '../../contract/states.js';
import type { LastHeartbeat } from '../heartbeats/heartbeat-store.js';
import { ROLLCALL_VERSION } from '../process/program.js';
import type { NodeRecord } from '../record/node-record.js';

/** Settings of the view; durations in milliseconds. */
export interface NodeViewSettings {
  heartbeatIntervalMs: number;
  missedHeartbeatsWarning: number;
  disconnectTimeoutMs: number;
  /** Version of this control plane. */
  version: string;
  temporal: { namespace: string; webUI?: string | undefined };
  rules: ConditionRules;
}

export function nodeViewSettings(config: Config): NodeViewSettings {
  const { Compute, Orchestrator } = config;
  return {
    rules: conditionRules(config),
    heartbeatIntervalMs: Compute.Heartbeat.Interval,
    missedHeartbeatsWarning: Orchestrator.NodeManager.MissedHeartbeatsWarning,
    disconnectTimeoutMs: Orchestrator.NodeManager.DisconnectTimeout,
    version: ROLLCALL_VERSION,
    temporal: { namespace: Orchestrator.Temporal.Namespace ?? DEFAULT_NAMESPACE, webUI: Orchestrator.Temporal.WebUI },
  };
}

/**
 * A node as administrators see it. Decisions are shown whether or not the workflow has applied them; observations are those of the workflow and the last
 * heartbeat.
 */
export function nodeView(
  node: NodeRecord,
  heartbeat: LastHeartbeat | undefined,
  now: EpochMs,
  settings: NodeViewSettings,
): Node {
  const { decision, applied } = node;
  const liveness = livenessOf(node);
  const lastSeen = heartbeat?.lastSeen ?? applied?.view.lastHeartbeat;
  const missed =
    lastSeen === undefined || heartbeat?.saidGoodbyeAt !== undefined
      ? 0
      : missedHeartbeats(lastSeen, now, awaitedIntervalMs(settings.heartbeatIntervalMs, heartbeat?.intervalMs));
  // A node that stopped on purpose has no missed heartbeats.
  const stoppedAt = heartbeat?.saidGoodbyeAt;
  const overdue =
    liveness.value === 'HEALTHY' &&
    heartbeat !== undefined &&
    stoppedAt === undefined &&
    isOverdue(heartbeat.lastSeen, now, timeoutMs(heartbeat, settings));
  return {
    id: node.name,
    uid: node.uid,
    type: node.type,
    phase: node.phase,
    status: statusOf(node.type, liveness.value, overdue, stoppedAt !== undefined),
    approval: shown(decision.approval),
    availability: shown(availability(node)),
    liveness: shown(liveness),
    warning: liveness.value === 'HEALTHY' && missed >= settings.missedHeartbeatsWarning,
    missedHeartbeats: missed,
    overdue,
    ...(stoppedAt !== undefined && { stoppedAt: isoTime(stoppedAt) }),
    copied: node.copied && { since: isoTime(node.copied.since), bootIds: node.copied.bootIds },
    outdated: outdated(node, settings),
    lastHeartbeat: lastSeen === undefined ? null : isoTime(lastSeen),
    drain: drainOf(node),
    until: untilOf(node),
    planned: plannedOf(node),
    activeSessions: applied?.view.activeSessions ?? 0,
    reserved: applied?.view.reserved ?? NO_RESOURCES,
    labels: node.labels,
    ...(node.agentLabels && node.agentLabels.length > 0 && { agentLabels: node.agentLabels }),
    description: node.description,
    info: node.info,
    resources: heartbeat?.resources ?? null,
    conditions: node.conditions?.map((condition) => ({ ...condition, since: isoTime(condition.since) })) ?? null,
    quarantine: quarantineOf(node, settings),
    heldBack:
      applied?.view.heldBack === undefined
        ? null
        : { ...applied.view.heldBack, since: isoTime(applied.view.heldBack.since) },
    despite: decision.availability.despite ?? [],
    decision: { seq: decision.seq, appliedSeq: applied?.seq ?? 0, unappliedSince: unappliedSince(node) },
    workflow: workflowOf(node, settings),
    removeAfter: node.removeAfterMs === undefined ? null : formatDuration(node.removeAfterMs),
    createdAt: isoTime(node.createdAt),
    joinedAt: node.joinedAt === null ? null : isoTime(node.joinedAt),
  };
}

/** The node's timeout, stretched in proportion to the interval that it was told. */
function timeoutMs(heartbeat: LastHeartbeat, { disconnectTimeoutMs, heartbeatIntervalMs }: NodeViewSettings): number {
  return stretchedTimeoutMs(disconnectTimeoutMs, heartbeatIntervalMs, heartbeat.intervalMs);
}

function unappliedSince({ decision, applied, unappliedSince: since }: NodeRecord): string | null {
  return since === undefined || (applied?.seq ?? 0) >= decision.seq ? null : isoTime(since);
}

function outdated({ info }: NodeRecord, { version }: NodeViewSettings): Node['outdated'] {
  return info !== null && isOutdated(info.agentVersion, version) ? { agent: info.agentVersion, api: version } : null;
}

function livenessOf({ applied, createdAt }: NodeRecord): Condition<Liveness> {
  return applied?.view.liveness ?? { value: 'UNKNOWN', since: createdAt, reason: 'no heartbeat yet', by: SYSTEM };
}

function availability({ decision, applied }: NodeRecord): Condition<Availability> {
  const { since, reason, by } = decision.availability;
  const value = availabilityOf(decision.availability, applied?.view.drainedSeq ?? 0);
  // The workflow knows when the drain was done, the decision when it was requested.
  return value === 'DRAINED' && applied?.view.availability.value === 'DRAINED'
    ? applied.view.availability
    : { value, since, reason, by };
}

function drainOf(node: NodeRecord): Node['drain'] {
  if (node.phase !== 'DRAINING') return null;
  const { availability: ruling, removal } = node.decision;
  // The drain that the workflow reports may be an earlier one.
  const reported = (node.applied?.seq ?? 0) >= ruling.seq ? node.applied?.view.drain : undefined;
  return {
    since: isoTime(ruling.since),
    by: ruling.by,
    reason: ruling.reason,
    deadline: ruling.deadline === undefined ? null : isoTime(ruling.deadline),
    onDeadline: ruling.onDeadline,
    terminating: reported?.terminating ?? false,
    thenRemove: removal?.when === 'drained',
    remaining: reported?.remaining ?? null,
  };
}

function untilOf({ decision }: NodeRecord): string | null {
  const { until } = decision.availability;
  return until === undefined ? null : isoTime(until);
}

function plannedOf({ decision: { planned } }: NodeRecord): Node['planned'] {
  if (planned === undefined) return null;
  const { at, until, since, by, reason, patienceMs, onDeadline } = planned;
  return {
    at: isoTime(at),
    until: until === undefined ? null : isoTime(until),
    since: isoTime(since),
    by,
    reason,
    deadline: patienceMs === undefined ? null : formatDuration(patienceMs),
    onDeadline,
  };
}

function quarantineOf(node: NodeRecord, { rules }: NodeViewSettings): Node['quarantine'] {
  const { checks, since, reason, noNewSessions } = node.decision.availability;
  if (checks === undefined) return null;
  const returns = returnsAt(node, rules);
  return {
    since: isoTime(since),
    policy: noNewSessions ? 'noNewSessions' : 'drain',
    checks,
    reason,
    returnsAt: Number.isFinite(returns) ? isoTime(returns) : null,
  };
}

function workflowOf({ name }: NodeRecord, { temporal }: NodeViewSettings): Node['workflow'] {
  const id = lifecycleWorkflowId(name);
  const { webUI, namespace } = temporal;
  const url =
    webUI === undefined
      ? null
      : `${webUI.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
  return { id, url };
}

function shown<Value extends string>({ value, since, reason, by }: Condition<Value>) {
  return { value, since: isoTime(since), reason, by };
}

/** Whether the agent's version is older than the api's. An unreadable version counts as older. */
export function isOutdated(agent: string, api: string): boolean {
  const version = parse(agent);
  return version === null || lt(version, api);
}
