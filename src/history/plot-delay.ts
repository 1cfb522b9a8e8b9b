/**
 * Maximum number of writes a second per time series, in the whole cluster. A write rewrites the bucket of its node, which costs MongoDB the same for one
 * point or four (docs/adr/0013).
 */
const WRITES_PER_SECOND = 300;
/** Maximum number of points of a node written together, by which plots lag. */
const TOGETHER_AT_MOST = 4;

/**
 * How long points wait for the next ones of their node, in milliseconds, to be written together: the larger the fleet, the longer. 0 where points can be
 * written one by one.
 * @param everyMs time between a node's points, in milliseconds
 */
export function plotDelayMs(nodes: number, everyMs: number): number {
  const together = Math.min(TOGETHER_AT_MOST, Math.ceil((nodes * 1_000) / everyMs / WRITES_PER_SECOND));
  // Half an interval more than those points take, since heartbeats vary in time.
  return together > 1 ? (together - 0.5) * everyMs : 0;
}
