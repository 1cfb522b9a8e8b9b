/** Messages between `rollcall sim` and the process in which its agents run. */

export const FAULT_KINDS = ['miss', 'die', 'return', 'clone', 'skew'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault of a part of the fleet. */
export interface FleetFault {
  kind: FaultKind;
  /** Share of the fleet, above 0 and at most 1. No node has two faults. */
  share: number;
  /** Time since the simulation's start, in milliseconds. */
  atMs: number;
  /** miss and return: time until the node is back; skew: how far its clock is ahead, negative for behind. In milliseconds; unused by die and clone. */
  forMs: number;
}

/** A fleet to simulate. */
export interface SimulationPlan {
  /** Addresses of the api's replicas, as agents get them. */
  servers: string[];
  /** The only certificate authorities to trust; absent for those of the system. */
  caFile?: string;
  joinToken: string;
  nodes: number;
  /** Prefix of the nodes' names: sim-1, sim-2, … */
  namePrefix: string;
  labels: Record<string, string>;
  /** Seed of everything random: hardware, load, jitter, and who gets which fault. Keys and boot ids are random anyway. */
  seed: number;
  /** Agents that start per second; null: all at once. */
  joinsPerSecond: number | null;
  heartbeatIntervalMs: number;
  infoIntervalMs: number;
  /** Maximum number of concurrent requests, half of them heartbeats, and so of connections. Further requests wait; their timeouts start later. */
  connections: number;
  faults: FleetFault[];
  /** Duration in milliseconds; absent to run until it is told to end. */
  durationMs?: number;
  /** How often to report the status, in milliseconds. */
  statusEveryMs: number;
  /** Whether agents say goodbye at the end; otherwise they vanish, as when a rack loses power. */
  goodbye: boolean;
}

/** Milliseconds; null if nothing was measured. */
export interface LatencyFigures {
  count: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
}

/** State of the fleet, as its agents see it. Counts are from the simulation's start. */
export interface SimulationStatus {
  elapsedMs: number;
  nodes: number;
  /** Agents that were started. */
  started: number;
  /** Nodes that have joined. */
  joined: number;
  /** Agents that run now: without those that died, with clones. */
  running: number;
  /** Heartbeats answered with 200. */
  beats: number;
  /** Of those, since the last status. */
  beatsPerSecond: number;
  /** Answers and failures by kind of request: `{heartbeat: {"200": 5, "timeout": 1}}`. */
  answers: Record<string, Record<string, number>>;
  /** Refusals by the api's error code. */
  refusals: Record<string, number>;
  /** Why agents ended permanently, by message without the node's name. */
  fatal: Record<string, number>;
  faults: Partial<Record<FaultKind, number>>;
  rssBytes: number;
  cpuSeconds: number;
}

export interface SimulationSummary extends SimulationStatus {
  seed: number;
  /** From the start until the last node had joined; null if not all did. */
  allJoinedMs: number | null;
  /** By kind of request; from a request's start, without the time that it waited for its turn. */
  latency: Record<string, LatencyFigures>;
}

/** To the process with the agents. */
export type SimulationOrder =
  | { kind: 'run'; plan: SimulationPlan }
  /** Applies a fault at once to this many nodes without one. */
  | { kind: 'strike'; fault: FaultKind; count: number; forMs?: number }
  | { kind: 'stop' };

/** From it. */
export type SimulationMessage =
  | { kind: 'status'; status: SimulationStatus }
  | { kind: 'struck'; at: number; nodes: string[] }
  | { kind: 'summary'; summary: SimulationSummary }
  /** It could not start; one sentence. */
  | { kind: 'failed'; why: string };
