import { availabilityOf } from '../../contract/decision.js';
import { PHASES, type Phase } from '../../contract/phase.js';
import { APPROVALS, LIVENESSES, type Approval, type Availability, type Liveness } from '../../contract/states.js';
import type { AgentWish, NodeRecord } from './node-record.js';

/** What taking a heartbeat needs to know of its node: a few words, where the record holds pages. A replica keeps one for each node that beats to it. */
export interface NodeSummary {
  uid: string;
  name: string;
  approval: Approval;
  availability: Availability;
  phase: Phase;
  liveness: Liveness;
  /** What its workflow last said of it; null before it said anything. */
  applied: { phase: Phase; liveness: Liveness; bootId: string | undefined } | null;
  activeSessions: number;
  /** More than one machine uses its identity. */
  isCopied: boolean;
  /** What its agent is to become now: it is drained for that. */
  agentWish: AgentWish | null;
}

export function summaryOf({
  uid,
  name,
  decision,
  phase,
  liveness,
  applied,
  copied,
  agentWish,
}: NodeRecord): NodeSummary {
  const view = applied?.view;
  return {
    uid,
    name,
    approval: once(APPROVALS, decision.approval.value),
    availability: availabilityOf(decision.availability, view?.drainedSeq ?? 0),
    phase: once(PHASES, phase),
    liveness: once(LIVENESSES, liveness),
    applied:
      view === undefined
        ? null
        : { phase: once(PHASES, view.phase), liveness: once(LIVENESSES, view.liveness.value), bootId: view.bootId },
    activeSessions: view?.activeSessions ?? 0,
    isCopied: copied !== null,
    agentWish: phase === 'DRAINED' ? agentWish : null,
  };
}

/** The same text, but the one that all have: what MongoDB answers with is a copy for each node. */
function once<Text extends string>(known: readonly Text[], text: Text): Text {
  return known.find((one) => one === text) ?? text;
}
