import { lackingResource, obstacleTo, type Obstacle, type ResourceKind } from '../../../contract/placement.js';
import { MAX_SESSIONS_PER_NODE } from '../../../contract/sessions.js';
import type { Candidate, Wish } from './candidate.js';

/** Why a session does not go to a node. */
export type Hindrance =
  | { outOfReach: true }
  | { lacksLabel: string }
  | { obstacle: Obstacle }
  | { lacks: ResourceKind }
  | { full: true }
  | { runsNone: true }
  | { silent: true };

/** Why `wish` cannot be placed on the node; undefined where it can. The node's state comes before the wish's requirements. */
export function hindrance(candidate: Candidate, wish: Wish): Hindrance | undefined {
  if (!wish.reach.includes(candidate.labels)) return { outOfReach: true };
  for (const key in wish.labels) {
    if (candidate.labels[key] !== wish.labels[key]) return { lacksLabel: `${key}=${wish.labels[key]}` };
  }
  const obstacle = obstacleTo(candidate);
  if (obstacle !== undefined) return { obstacle };
  if (!candidate.runsSessions) return { runsNone: true };
  if (candidate.activeSessions >= MAX_SESSIONS_PER_NODE) return { full: true };
  const lacks = lackingResource(candidate.capacity, candidate.reserved, wish.resources);
  return lacks && { lacks };
}
