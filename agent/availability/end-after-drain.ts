import { drainBeforeEnd, LAST_WORDS_MS, type DrainBeforeEndParts } from './drain-before-end.js';

/** Its sessions' end and the goodbye take no longer, in milliseconds: TimeoutStopSec of its unit. */
const END_MS = 25_000;

/**
 * When an agent that was asked to stop does: at once, or once its node is drained.
 * @param patienceMs how long the drain may take, as it is set when the agent is asked; 0: there is none
 * @param over aborted where the agent ends for something else
 * @returns aborted then, for the reason of `stop`
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

/** How long that may take, in milliseconds; undefined where it is no longer than without a drain. */
export function longestEndMs(patienceMs: number): number | undefined {
  return patienceMs > 0 ? patienceMs + LAST_WORDS_MS + END_MS : undefined;
}
