/**
 * The three axes of a node's state. Administrators decide, nodes are observed: the two never share a field.
 * `phase` (see phase.ts) is derived from them and is the one word that people see.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. Temporal payloads and workflow state use it; HTTP uses ISO 8601. */
export type EpochMs = number;

/** What the node is to the cluster. A `Requester` is an api replica; a `Compute` node runs sessions. */
export const NODE_TYPES = ['Compute', 'Requester'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

export const APPROVALS = [
  /** Nobody has decided yet: the node may announce itself, and nothing else. */
  'PENDING',
  /** The node belongs to the cluster. */
  'APPROVED',
  /** An administrator rejected the node: its credential only lets it learn that. */
  'REJECTED',
] as const;
export type Approval = (typeof APPROVALS)[number];

export const AVAILABILITIES = [
  /** May get new sessions. */
  'ACTIVE',
  /** Gets no new sessions; running ones finish. */
  'DRAINING',
  /** Gets no new sessions and has none left. */
  'DRAINED',
] as const;
export type Availability = (typeof AVAILABILITIES)[number];

export const LIVENESSES = [
  /** A heartbeat arrived within DisconnectTimeout. */
  'HEALTHY',
  /** No heartbeat for DisconnectTimeout: its sessions may still run. */
  'UNHEALTHY',
  /** Never seen, or silent for UnknownTimeout beyond UNHEALTHY: its sessions are given up as LOST. */
  'UNKNOWN',
] as const;
export type Liveness = (typeof LIVENESSES)[number];

/** One axis at one time: its value, since when, why, and by whom (`system`, `agent:<id>`, or a token's name). */
export interface Condition<Value extends string> {
  value: Value;
  since: EpochMs;
  reason: string;
  by: string;
}

/** The author if no person acts. */
export const SYSTEM = 'system';
