import { sumOfResources, type SessionResources } from './sessions.js';
import type { Approval, Availability, Liveness } from './states.js';

/** The facts that decide whether a node may get sessions. */
export interface Placeable {
  approval: Approval;
  availability: Availability;
  liveness: Liveness;
  /** Still HEALTHY, but has missed heartbeats in a row. */
  warning: boolean;
  /** A check keeps new sessions from it, without a drain. */
  quarantined: boolean;
  /** More than one machine beats with the node's identity. */
  copied: boolean;
  /** Its credential was revoked, and a new token is on its way to it. */
  revoked: boolean;
}

/** Why a node gets no new sessions, in the order of importance. Follows the words `node <id>`. */
export const OBSTACLES = {
  NOT_APPROVED: 'is not approved',
  NOT_ACTIVE: 'is draining or drained',
  QUARANTINED: 'gets no new sessions while a check fails',
  REVOKED: 'has no credential until its agent joins with its new token',
  COPIED_IDENTITY: 'has an identity that more than one machine uses',
  NOT_HEALTHY: 'is not healthy',
  MISSES_HEARTBEATS: 'misses heartbeats',
} as const;
export type Obstacle = keyof typeof OBSTACLES;

/** What keeps new sessions from a node; undefined if nothing does. */
export function obstacleTo(candidate: Placeable): Obstacle | undefined {
  if (candidate.approval !== 'APPROVED') return 'NOT_APPROVED';
  if (candidate.availability !== 'ACTIVE') return 'NOT_ACTIVE';
  if (candidate.quarantined) return 'QUARANTINED';
  if (candidate.revoked) return 'REVOKED';
  if (candidate.copied) return 'COPIED_IDENTITY';
  if (candidate.liveness !== 'HEALTHY') return 'NOT_HEALTHY';
  if (candidate.warning) return 'MISSES_HEARTBEATS';
  return undefined;
}

/** Whether a node may get new sessions. */
export function isPlaceable(candidate: Placeable): boolean {
  return obstacleTo(candidate) === undefined;
}

/** What a session can lack on a node, in the order of importance. */
export const RESOURCE_KINDS = ['gpu', 'cpu', 'memory', 'disk'] as const satisfies readonly (keyof SessionResources)[];
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What `wanted` lacks on a node with this capacity and these reservations; undefined if it fits. */
export function lackingResource(
  capacity: SessionResources,
  reserved: SessionResources,
  wanted: SessionResources,
): ResourceKind | undefined {
  const sum = sumOfResources([reserved, wanted]);
  return RESOURCE_KINDS.find((kind) => wanted[kind] > 0 && sum[kind] > capacity[kind]);
}

/** Why a node's workflow refuses a session, as the type of its ApplicationFailure. */
export type PlacementRefusal =
  | 'WRONG_INCARNATION'
  | 'NOT_ACTIVE'
  | 'NOT_HEALTHY'
  | 'TOO_MANY_SESSIONS'
  | `LACKS_${Uppercase<ResourceKind>}`;
