import type { Node } from '../../client/types.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { formatCount } from '../output/quantity.js';
import { plainText } from '../../contract/plain-text.js';
import type { DecisionGoal } from '../../contract/node-actions.js';
import type { Verdict } from './wait.js';

/** When `--wait` is over, for the decision `seq` about a node. */
export const VERDICTS: Record<DecisionGoal, (id: string, seq: number) => Verdict> = { applied, drained, removed };

/** When the node's workflow has applied the decision. */
function applied(id: string, seq: number): Verdict {
  return (node) => {
    if (!node) throw superseded(id, 'it was removed meanwhile');
    return node.decision.appliedSeq >= seq ? 'done' : { waitingFor: `node ${id} to apply the decision` };
  };
}

/** When the last session has ended. */
function drained(id: string, seq: number): Verdict {
  return (node) => {
    if (!node) throw superseded(id, 'it was removed meanwhile');
    if (node.phase === 'DRAINED') return 'done';
    if (node.planned && node.phase !== 'DRAINING') return { waitingFor: `node ${id} to go at ${node.planned.at}` };
    if (node.decision.seq > seq && node.phase !== 'DRAINING') throw superseded(id, later(node));
    return { waitingFor: drainProgress(node) };
  };
}

/** When the node is gone. */
function removed(id: string, seq: number): Verdict {
  return (node) => {
    if (!node || node.phase === 'REMOVED') return 'done';
    const goesOn = node.drain?.thenRemove === true || node.decision.seq <= seq;
    if (!goesOn) throw superseded(id, later(node));
    return { waitingFor: node.phase === 'DRAINING' ? drainProgress(node) : `node ${id} to be removed` };
  };
}

function drainProgress(node: Node): string {
  if (node.drain?.remaining === null) return `the process of node ${node.id} to take up the drain`;
  const left = node.drain?.remaining.length ?? node.activeSessions;
  return left === 0 ? `node ${node.id} to be drained` : `node ${node.id} to finish ${formatCount(left, 'session')}`;
}

function later(node: Node): string {
  return `a later decision came (${node.phase}, by ${plainText(node.availability.by)})`;
}

function superseded(id: string, why: string): CliFailure {
  return new CliFailure(
    EXIT_CODE.failure,
    'SUPERSEDED',
    `node ${id} does not do what was waited for: ${why}`,
    `See: rollcall node events ${id}`,
  );
}
