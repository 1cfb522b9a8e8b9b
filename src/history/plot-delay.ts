/**
 * Points that one time series of the whole cluster takes a second, each in a write of its own. A write rewrites the bucket of its node, which costs MongoDB the
 * same for one point or four (docs/adr/0013).
 */
const WRITES_PER_SECOND = 300;
/** Plots of the largest fleet are this many points behind at most. */
const TOGETHER_AT_MOST = 4;

/**
 * How long points wait for the next ones of their node, in milliseconds, so that they are written together: the larger the fleet the more of them. 0 in a fleet
 * whose points can be written one by one.
 * @param everyMs how often a node has a point
 */
export function plotDelayMs(nodes: number, everyMs: number): number {
  const together = Math.min(TOGETHER_AT_MOST, Math.ceil((nodes * 1_000) / everyMs / WRITES_PER_SECOND));
  // Half a turn more than those points take, since no heartbeat comes exactly when it is told to.
  return together > 1 ? (together - 0.5) * everyMs : 0;
}
