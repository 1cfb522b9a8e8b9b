import { drainBeforeEnd, LAST_WORDS_MS, type DrainBeforeEndParts } from './drain-before-end.js';

/** Maximum time for ending sessions and saying goodbye, in milliseconds; TimeoutStopSec of the unit allows for it. */
const END_MS = 25_000;

/**
 * When an agent that was asked to stop ends: at once, or once its node is drained.
 * @param patienceMs how long the drain may take, read when the agent is asked to stop; 0 for no drain
 * @param over aborted when the agent ends for another reason
 * @returns a signal that is aborted then, with the reason of `stop`
 */
export function endAfterDrain(
  stop: AbortSignal,
  parts: DrainBeforeEndParts,
  patienceMs: () => number,
  over: AbortSignal,
): AbortSignal {
  const end = new AbortController();
  const leave = async () => {
    if (patienceMs() > 0) await drainBeforeEnd(parts, patienceMs(), String(stop.reason), over);
  };
  stop.addEventListener('abort', () => void leave().finally(() => end.abort(stop.reason)), { once: true });
  return end.signal;
}

/** How long stopping may take, in milliseconds; undefined if there is no drain. */
export function longestEndMs(patienceMs: number): number | undefined {
  return patienceMs > 0 ? patienceMs + LAST_WORDS_MS + END_MS : undefined;
}
