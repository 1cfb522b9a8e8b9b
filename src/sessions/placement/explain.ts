import type { Obstacle } from '../../../contract/placement.js';
import type { Candidate, Wish } from './candidate.js';
import { hindrance, type Hindrance } from './hindrance.js';

/** Words that follow a count of nodes: singular and plural. */
type Words = readonly [one: string, several: string];

const OBSTACLE_WORDS: Record<Exclude<Obstacle, 'NOT_ACTIVE' | 'NOT_HEALTHY'>, Words> = {
  NOT_APPROVED: ['not approved', 'not approved'],
  QUARANTINED: ['quarantined', 'quarantined'],
  REVOKED: ['waits for its new token', 'wait for their new tokens'],
  COPIED_IDENTITY: ['with a copied identity', 'with copied identities'],
  MISSES_HEARTBEATS: ['misses heartbeats', 'miss heartbeats'],
};

/**
 * Explains why no node takes a session: `0 of 12 nodes: 3 unhealthy, 2 draining, 7 lack memory`. Every node is counted once. Nodes outside of the caller's
 * scopes are told apart, since what ails them would not help the caller.
 * @param refusals answers of nodes that seemed to fit but refused, by uid
 */
export function explain(
  candidates: readonly Candidate[],
  wish: Wish,
  refusals: ReadonlyMap<string, Hindrance> = new Map(),
): string {
  if (candidates.length === 0) return 'there are no compute nodes';
  const counts = new Map<string, { words: Words; count: number; order: number }>();
  let outside = 0;
  for (const candidate of candidates) {
    const why = hindrance(candidate, wish) ?? refusals.get(candidate.uid);
    if (why !== undefined && 'outOfReach' in why) {
      outside += 1;
      continue;
    }
    const { words, order } =
      why === undefined
        ? { words: ['was taken meanwhile', 'were taken meanwhile'] as const, order: 99 }
        : inWords(why, candidate);
    const entry = counts.get(words[1]) ?? { words, count: 0, order };
    entry.count += 1;
    counts.set(words[1], entry);
  }
  const parts = [...counts.values()]
    .toSorted((a, b) => a.order - b.order || b.count - a.count)
    .map(({ words, count }) => `${count} ${count === 1 ? words[0] : words[1]}`);
  const counted = `0 of ${nodes(candidates.length - outside)}`;
  if (outside === 0) return `${counted}: ${parts.join(', ')}`;
  const { limits } = wish.reach;
  if (parts.length === 0) return `no node is in scope: ${limits}, and ${nodes(outside)} ${are(outside)} outside`;
  return `${counted} in scope: ${parts.join(', ')}; ${limits}, and ${nodes(outside)} ${are(outside)} outside`;
}

function nodes(count: number): string {
  return `${count} ${count === 1 ? 'node' : 'nodes'}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** Words for a hindrance, ordered for people: first what is wrong with nodes, then what they do, then what they lack. */
function inWords(
  why: Exclude<Hindrance, { outOfReach: true }>,
  { liveness, availability }: Candidate,
): { words: Words; order: number } {
  if ('lacksLabel' in why)
    return { words: [`lacks label ${why.lacksLabel}`, `lack label ${why.lacksLabel}`], order: 5 };
  if ('lacks' in why) return { words: [`lacks ${why.lacks}`, `lack ${why.lacks}`], order: 7 };
  if ('full' in why) return { words: ['full of sessions', 'full of sessions'], order: 6 };
  if ('runsNone' in why) return { words: ['runs no sessions', 'run no sessions'], order: 4 };
  if ('silent' in why) return { words: ['did not answer', 'did not answer'], order: 8 };
  const { obstacle } = why;
  if (obstacle === 'NOT_HEALTHY')
    return liveness === 'UNKNOWN'
      ? { words: ['unknown', 'unknown'], order: 2 }
      : { words: ['unhealthy', 'unhealthy'], order: 1 };
  if (obstacle === 'NOT_ACTIVE')
    return availability === 'DRAINED'
      ? { words: ['drained', 'drained'], order: 4 }
      : { words: ['draining', 'draining'], order: 3 };
  return { words: OBSTACLE_WORDS[obstacle], order: obstacle === 'NOT_APPROVED' ? 0 : 2 };
}
