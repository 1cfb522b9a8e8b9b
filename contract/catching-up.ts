import type { EpochMs } from './states.js';

/** Decisions are normally applied within a second. One that takes longer than this, in milliseconds, is shown with the reason. */
export const SOON_MS = 10_000;

/** The facts that tell whether a node's workflow has applied the latest decision. Unused slots and api replicas apply none. */
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

/** The parts of /readyz that are used; undefined if unknown. Older apis do not report workers. */
export interface ServerFindings {
  temporal: Finding;
  workers?: Finding | undefined;
}

/** The part of the control plane that keeps lifecycles from going on. */
interface Standstill {
  part: 'temporal' | 'workers';
  /** ISO 8601; undefined if its beginning was not observed. */
  since: string | undefined;
  /** Without its full stop. */
  cause: string;
}

/** What keeps lifecycles from going on; undefined if nothing is known to. */
function standstill(servers: ServerFindings | undefined): Standstill | undefined {
  if (servers === undefined) return undefined;
  const { temporal, workers } = servers;
  if (!temporal.ok)
    return { part: 'temporal', since: temporal.since, cause: `Temporal does not answer (${temporal.detail})` };
  // If the state of workers is unknown, the start of their absence is too.
  if (workers?.ok === false && workers.since !== undefined)
    return { part: 'workers', since: workers.since, cause: 'No worker runs, or none takes work' };
  return undefined;
}

/** Whether the node's workflow has yet to apply the last decision; until then its report of the node is out of date. */
export function isCatchingUp({ type, phase, decision }: DecidedNode): boolean {
  return type === 'Compute' && phase !== 'REGISTERED' && decision.appliedSeq < decision.seq;
}

/**
 * For how long the last decision has been waiting to be applied, in milliseconds, if that is longer than normal.
 * @param now by the api's clock
 */
export function overdueDecisionMs(node: DecidedNode, now: EpochMs): number | undefined {
  const { unappliedSince } = node.decision;
  if (!isCatchingUp(node) || unappliedSince === null) return undefined;
  const ms = now - Date.parse(unappliedSince);
  return ms > SOON_MS ? ms : undefined;
}

/** Whether a node that waits for its first heartbeat after approval has sent one, which its workflow has yet to take up. */
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

/** Why nodes are not judged, as a sentence; undefined if nothing is known to prevent it. */
export function whyNotJudged(servers: ServerFindings | undefined): (Standstill & { text: string }) | undefined {
  const found = standstill(servers);
  if (found === undefined) return undefined;
  const wayOut = found.part === 'workers' ? ' Start a worker, or see its log.' : '';
  const text = `${found.cause}: nodes that fall silent or come back stay as they were last judged, and decisions wait.${wayOut}`;
  return { ...found, text };
}

/** The reason as a sentence. */
export function whyNotApplied(servers: ServerFindings | undefined): string {
  if (servers === undefined) return 'It is applied once Temporal and a worker run.';
  const found = standstill(servers);
  if (found !== undefined)
    return `${found.cause}: it is applied once ${found.part === 'temporal' ? 'that is back' : 'one does'}.`;
  return servers.workers?.ok === true
    ? "Temporal answers and workers work: the workers' log says what keeps this node's process from it."
    : 'Temporal answers: see whether a worker runs.';
}
