import { RESOURCE_KINDS } from '../../../contract/placement.js';
import type { Candidate, Wish } from './candidate.js';
import { hindrance } from './hindrance.js';

/**
 * The best `count` nodes for a wish, best first: those with the most room left after it or, to pack, with the least. Room is the free share of the
 * node's scarcest resource. Ties are broken at random, so that replicas that rank at the same moment do not choose the same node.
 * @param random a source of numbers from 0 to 1
 */
export function rank(
  candidates: Iterable<Candidate>,
  wish: Wish,
  count: number,
  random: () => number = Math.random,
): Candidate[] {
  const best: { candidate: Candidate; cost: number; tie: number }[] = [];
  for (const candidate of candidates) {
    const load = loadAfter(candidate, wish);
    const entry = { candidate, cost: wish.strategy === 'spread' ? load : -load, tie: random() };
    const worst = best.at(-1);
    if (best.length === count && worst !== undefined && !isBetter(entry, worst)) continue;
    // After the cheap comparison, which few nodes of a large fleet pass.
    if (hindrance(candidate, wish) !== undefined) continue;
    const at = best.findIndex((other) => isBetter(entry, other));
    best.splice(at < 0 ? best.length : at, 0, entry);
    if (best.length > count) best.pop();
  }
  return best.map(({ candidate }) => candidate);
}

/** Reserved share of the node's scarcest resource after the wish, from 0 to 1. */
export function loadAfter({ capacity, reserved }: Candidate, { resources }: Wish): number {
  let load = 0;
  for (const kind of RESOURCE_KINDS) {
    if (capacity[kind] > 0) load = Math.max(load, (reserved[kind] + resources[kind]) / capacity[kind]);
  }
  return load;
}

function isBetter(one: { cost: number; tie: number }, other: { cost: number; tie: number }): boolean {
  return one.cost === other.cost ? one.tie < other.tie : one.cost < other.cost;
}
