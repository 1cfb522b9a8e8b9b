import type { Decision } from '../contract/decision.js';
import type { LifecycleView } from '../contract/lifecycle.js';
import type { Phase } from '../contract/phase.js';
import type { NodeDrain } from './node-drain.js';
import type { NodeFitness } from './node-fitness.js';
import type { NodeLiveness } from './node-liveness.js';
import type { NodeSessions } from './node-sessions.js';

interface ShownNode {
  uid: string;
  phase: Phase;
  decision: Decision;
  liveness: NodeLiveness;
  sessions: NodeSessions;
  fitness: NodeFitness;
}

/** A node's state as plain data, for queries, projections and the Web UI. */
export function lifecycleView(node: ShownNode, drain: NodeDrain, nodeId: string, revision: number): LifecycleView {
  const { uid, phase, decision, liveness, sessions, fitness } = node;
  const { value, since, reason, by } = decision.approval;
  const drainView = drain.view(decision, sessions.ids);
  return {
    nodeId,
    uid,
    seq: decision.seq,
    ...(decision.id !== undefined && { decisionId: decision.id }),
    revision,
    phase,
    approval: { value, since, reason, by },
    availability: drain.availability(decision.availability),
    ...liveness.view,
    drainedSeq: drain.doneSeq,
    ...(drainView && { drain: drainView }),
    ...(decision.planned && { planned: decision.planned }),
    activeSessions: sessions.all.length,
    ...(fitness.heldBack && { heldBack: fitness.heldBack }),
    ...(sessions.isHeld && { sessionsHeld: true as const }),
    reserved: sessions.reserved,
  };
}
