import type { EpochMs } from './states.js';

/** As a rule a decision is applied within a second; what takes longer than this, in milliseconds, is told with its reason. */
export const SOON_MS = 10_000;

/** The facts that tell whether a node's process has applied the latest decision. An unused slot and a replica of the api apply none. */
interface DecidedNode {
  type: string;
  phase: string;
  decision: { seq: number; appliedSeq: number; unappliedSince: string | null };
}

interface Finding {
  ok: boolean;
  detail: string;
  since?: string | undefined;
}

/** What of /readyz is asked for; undefined where that is not known. Apis of before say nothing of workers. */
export interface ServerFindings {
  temporal: Finding;
  workers?: Finding | undefined;
}

/** Which part of the control plane keeps lifecycles from going on. */
interface Standstill {
  part: 'temporal' | 'workers';
  /** ISO 8601; undefined where it was not seen to begin. */
  since: string | undefined;
  /** Without its full stop. */
  cause: string;
}

/** What keeps lifecycles from going on; undefined where nothing is known that does. */
function standstill(servers: ServerFindings | undefined): Standstill | undefined {
  if (servers === undefined) return undefined;
  const { temporal, workers } = servers;
  if (!temporal.ok)
    return { part: 'temporal', since: temporal.since, cause: `Temporal does not answer (${temporal.detail})` };
  // Where it is not known whether workers work, nothing says since when they do not.
  if (workers?.ok === false && workers.since !== undefined)
    return { part: 'workers', since: workers.since, cause: 'No worker runs, or none takes work' };
  return undefined;
}

/** Whether the node's process has yet to take up the last decision: until then, what it said of the node is of before. */
export function isCatchingUp({ type, phase, decision }: DecidedNode): boolean {
  return type === 'Compute' && phase !== 'REGISTERED' && decision.appliedSeq < decision.seq;
}

/**
 * For how long the last decision has not been applied, in milliseconds, where that is longer than it should be.
 * @param now by the clock of the api
 */
export function overdueDecisionMs(node: DecidedNode, now: EpochMs): number | undefined {
  const { unappliedSince } = node.decision;
  if (!isCatchingUp(node) || unappliedSince === null) return undefined;
  const ms = now - Date.parse(unappliedSince);
  return ms > SOON_MS ? ms : undefined;
}

/** Whether a node that waits for its first heartbeat since it was approved has been heard since: its process has yet to take that up. */
export function isHeardWhileWaiting({
  phase,
  lastHeartbeat,
  approval,
}: {
  phase: string;
  lastHeartbeat: string | null;
  approval: { since: string };
}): boolean {
  return phase === 'WAITING' && lastHeartbeat !== null && Date.parse(lastHeartbeat) > Date.parse(approval.since);
}

/** Why nodes are not judged, with the reason in a sentence; undefined where nothing is known that keeps them from it. */
export function whyNotJudged(servers: ServerFindings | undefined): (Standstill & { text: string }) | undefined {
  const found = standstill(servers);
  if (found === undefined) return undefined;
  const wayOut = found.part === 'workers' ? ' Start a worker, or see its log.' : '';
  const text = `${found.cause}: nodes that fall silent or come back stay as they were last judged, and decisions wait.${wayOut}`;
  return { ...found, text };
}

/** Why it is not, in a sentence. */
export function whyNotApplied(servers: ServerFindings | undefined): string {
  if (servers === undefined) return 'It is applied once Temporal and a worker run.';
  const found = standstill(servers);
  if (found !== undefined)
    return `${found.cause}: it is applied once ${found.part === 'temporal' ? 'that is back' : 'one does'}.`;
  return servers.workers?.ok === true
    ? "Temporal answers and workers work: the workers' log says what keeps this node's process from it."
    : 'Temporal answers: see whether a worker runs.';
}
