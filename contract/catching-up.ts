import type { EpochMs } from './states.js';

/** As a rule a decision is applied within a second; what takes longer than this, in milliseconds, is told with its reason. */
const SOON_MS = 10_000;

/** What is asked of a node to tell whether its process has taken up what was decided. Of a slot nobody uses and of a replica of the api it takes up nothing. */
interface DecidedNode {
  type: string;
  phase: string;
  decision: { seq: number; appliedSeq: number; unappliedSince: string | null };
}

/** What of /readyz is asked for; undefined where that is not known. */
interface TemporalFinding {
  ok: boolean;
  detail: string;
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

/** Why nodes are not judged, in a sentence; undefined where nothing is known that keeps them from it. */
export function whyNotJudged(temporal: TemporalFinding | undefined): string | undefined {
  return temporal === undefined || temporal.ok
    ? undefined
    : `Temporal does not answer (${temporal.detail}): nodes that fall silent or come back stay as they were last judged, and decisions wait.`;
}

/** Why it is not, in a sentence. */
export function whyNotApplied(temporal: TemporalFinding | undefined): string {
  if (temporal === undefined) return 'It is applied once Temporal and a worker run.';
  return temporal.ok
    ? 'Temporal answers: see whether a worker runs.'
    : `Temporal does not answer (${temporal.detail}): it is applied once that is back.`;
}
