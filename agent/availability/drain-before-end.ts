import type { OwnAvailability } from '../../client/index.js';
import { formatDuration } from '../../contract/duration.js';
import { Unavailable } from '../control-plane/control-plane.js';
import type { AgentClock } from '../process/agent-clock.js';
import { backoffDelay, type Random } from '../process/backoff.js';
import { withDeadline } from '../process/deadline.js';
import type { Log } from '../process/log.js';
import { whyNotDecided, type OwnDrain } from './own-drain.js';

/** How long the api holds the request, in seconds. */
const WAIT_S = 20;
const BACKOFF = { baseMs: 500, capMs: 5_000 };
/** Time for the cluster to terminate the remaining sessions at the deadline, in milliseconds. */
export const LAST_WORDS_MS = 5_000;

export interface DrainBeforeEndParts {
  drain: Pick<OwnDrain, 'id' | 'begin' | 'look'>;
  /** The node's sessions as far as known here, used when no api answers. */
  hasSessions: () => boolean;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/**
 * Drains the node before the agent stops. Returns once it is drained, the deadline has passed, or waiting is pointless; the agent stops in each case.
 * @param why shown to people, for example SIGTERM
 * @param stop ends the wait
 */
export async function drainBeforeEnd(
  { drain, hasSessions, clock, random, log }: DrainBeforeEndParts,
  deadlineMs: number,
  why: string,
  stop: AbortSignal,
): Promise<void> {
  const began = clock.elapsed();
  const left = () => began + deadlineMs - clock.elapsed();
  if (drain.id === undefined) return;
  log.info(
    `draining ${drain.id} for at most ${formatDuration(deadlineMs)} before it stops: ${why}; a second signal ends it at once`,
  );
  let known: OwnAvailability | undefined;
  const ask = (end: AbortSignal) =>
    known === undefined
      ? drain.begin(
          'shutdown',
          { reason: `its agent stops: ${why}`, deadlineMs: Math.max(0, Math.round(left())), onDeadline: 'terminate' },
          end,
        )
      : drain.look(WAIT_S, end);
  for (let failures = 0; !stop.aborted;) {
    const patienceMs = left() + LAST_WORDS_MS;
    if (patienceMs <= 0)
      return log.warn(`${drain.id} is not drained yet, and stops: its ${formatDuration(deadlineMs)} are over`);
    try {
      known = await withDeadline(patienceMs, stop, ask);
      failures = 0;
      if (known.availability === 'DRAINED') return log.info(`${drain.id} is drained`);
      if (known.availability === 'ACTIVE') return log.warn(`${drain.id} stops undrained: ${known.by} brought it back`);
    } catch (error) {
      if (stop.aborted) return;
      if (!(error instanceof Unavailable) && left() + LAST_WORDS_MS > 0)
        return log.warn(`${drain.id} stops undrained: ${whyNotDecided(error)}`);
      if (!hasSessions()) return log.warn(`${drain.id} stops undrained, with no session left: ${whyNotDecided(error)}`);
      failures += 1;
      await clock.sleep(Math.min(patienceMs, backoffDelay(failures, BACKOFF, random)), stop);
    }
  }
}
