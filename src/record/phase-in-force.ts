import { availabilityOf, type Decision } from '../../contract/decision.js';
import { derivePhase, type Phase } from '../../contract/phase.js';
import type { EpochMs } from '../../contract/states.js';

/**
 * The phase that follows from a decision at once, before the workflow has applied it: what an administrator decided is
 * in force when it is committed.
 * @param observed.drainedSeq seq of the availability ruling whose drain is done, 0 where none is
 * @param observed.lastHeartbeat absent where none ever came
 */
export function phaseInForce(
  decision: Decision,
  observed: { removed: boolean; drainedSeq: number; lastHeartbeat?: EpochMs | undefined },
): Phase {
  return derivePhase({
    registered: decision.registered,
    removed: observed.removed,
    approval: decision.approval.value,
    availability: availabilityOf(decision.availability, observed.drainedSeq),
    heardSinceApproval: (observed.lastHeartbeat ?? 0) > decision.approval.since,
  });
}
