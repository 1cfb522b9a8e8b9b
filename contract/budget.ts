/**
 * How many of `nodes` may be out of service at once: a count (3, `3`), or a share (`10%`), rounded down but at least one, since otherwise nothing would begin.
 */
export function budgetOf(limit: number | string, nodes: number): number {
  const amount = Number.parseInt(String(limit), 10);
  return String(limit).endsWith('%') ? Math.max(1, Math.floor((amount * nodes) / 100)) : amount;
}
