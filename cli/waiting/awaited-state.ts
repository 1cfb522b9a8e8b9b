import { PHASES } from '../../contract/phase.js';
import { STATUSES } from '../../contract/health.js';
import { APPROVALS } from '../../contract/states.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Verdict } from './wait.js';

/** States that can be waited for; a word that two axes share means either. */
export const AWAITED_STATES = [...new Set([...STATUSES, ...PHASES, ...APPROVALS])];

/** Whether the node has this status, phase or approval. The status is the shown one: an overdue node is not HEALTHY. */
export function inState(id: string, wanted: string): Verdict {
  return (node) => {
    if (!node || node.phase === 'REMOVED') {
      if (wanted === 'REMOVED') return 'done';
      throw new CliFailure(
        EXIT_CODE.failure,
        'SUPERSEDED',
        `node ${id} does not become ${wanted}: it was removed meanwhile`,
        `See: rollcall node events ${id}`,
      );
    }
    const { status, phase, approval } = node;
    if (status === wanted || phase === wanted || approval.value === wanted) return 'done';
    return { waitingFor: `node ${id} to be ${wanted}; it is ${phase}, ${status}` };
  };
}
