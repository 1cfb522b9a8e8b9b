import { lackingResource, obstacleTo, type Obstacle, type ResourceKind } from '../../../contract/placement.js';
import { MAX_SESSIONS_PER_NODE } from '../../../contract/sessions.js';
import type { Candidate, Wish } from './candidate.js';

/** Why a session does not go to a node. */
export type Hindrance =
  | { lacksLabel: string }
  | { obstacle: Obstacle }
  | { lacks: ResourceKind }
  | { full: true }
  | { runsNone: true }
  | { silent: true };

/** What stands against placing `wish` on the node; undefined where nothing does. What is the node's own comes before what is the wish's. */
export function hindrance(candidate: Candidate, wish: Wish): Hindrance | undefined {
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
