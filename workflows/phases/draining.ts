import { SYSTEM } from '../../contract/states.js';
import type { Alarm } from '../alarm.js';
import type { DisconnectTimer } from '../disconnect-timer.js';
import type { NodeState } from '../node-state.js';
import { graceWaitsOutMassSilence, terminateSessions } from '../side-effects.js';

/** How often to check whether a mass silence still protects the node, in milliseconds. */
const HELD_LOOK_MS = 30_000;

/**
 * No new sessions; running ones finish. At the deadline the drain either continues to wait, or terminates them and gives up those that have not
 * ended within the grace period.
 */
export async function draining(node: NodeState, drainTimer: Alarm, disconnectTimer: DisconnectTimer): Promise<void> {
  const { sessions, decision } = node;
  const { ids: sessionIds } = sessions;
  const { deadline, onDeadline, seq } = decision.availability;
  if (sessionIds.length === 0) return node.markDrained(Date.now());

  const passedAt = node.drainDeadlinePassedAt;
  if (passedAt === undefined) {
    drainTimer.set(deadline);
    if (!drainTimer.ringing) return;
    drainTimer.set(undefined);
    if (onDeadline === 'wait') return node.passDrainDeadline(Date.now(), `waiting on for ${counted(sessionIds)}`);
    await terminateSessions({ uid: node.uid, sessionIds, by: SYSTEM, reason: "the drain's deadline has passed" });
    sessions.markTerminating(sessionIds);
    // The drain may have been cancelled or decided again while the activity ran.
    if (node.phase !== 'DRAINING' || node.decision.availability.seq !== seq) return;
    return node.passDrainDeadline(Date.now(), `terminating ${counted(sessionIds)}`);
  }

  if (onDeadline === 'wait') return;
  drainTimer.set(passedAt + node.terminationGraceMs);
  if (!drainTimer.ringing) return;
  // A silent node may not have been told; in a mass silence it is assumed to run them still.
  if (node.liveness.isSilent && graceWaitsOutMassSilence()) {
    await disconnectTimer.look(node);
    if (node.phase !== 'DRAINING' || node.decision.availability.seq !== seq) return;
    if (node.liveness.isHeldAt(Date.now())) return drainTimer.set(Date.now() + HELD_LOOK_MS);
  }
  sessions.giveUp('SessionsLost', 'not ended within the grace period', Date.now());
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? '1 session' : `${length} sessions`;
}
