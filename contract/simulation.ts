/** What `rollcall sim` tells the process in which its agents run, and hears from it. */

export const FAULT_KINDS = ['miss', 'die', 'return', 'clone', 'skew'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What happens to a part of the fleet. */
export interface FleetFault {
  kind: FaultKind;
  /** Of the fleet, above 0 and at most 1. No node has two faults. */
  share: number;
  /** From the simulation's start, in milliseconds. */
  atMs: number;
  /** miss and return: until the node is back; skew: how far its clock is ahead, negative for behind. In milliseconds; unused by die and clone. */
  forMs: number;
}

/** A fleet to simulate. */
export interface SimulationPlan {
  /** Addresses of the api's replicas, as agents are given them. */
  servers: string[];
  /** The only authorities whose certificates are accepted; absent: those that the system knows. */
  caFile?: string;
  joinToken: string;
  nodes: number;
  /** Nodes are named after it: sim-1, sim-2, … */
  namePrefix: string;
  labels: Record<string, string>;
  /** Of all that is drawn: hardware, load, jitter, and who gets which fault. Keys and boot ids are random anyway. */
  seed: number;
  /** Agents that start in a second; null: all at once. */
  joinsPerSecond: number | null;
  heartbeatIntervalMs: number;
  infoIntervalMs: number;
  /** Requests under way at once, half of them heartbeats, and so connections: a real fleet has one for each node. The others wait, and their time-outs with them. */
  connections: number;
  faults: FleetFault[];
  /** Ends by itself after this many milliseconds; absent: when it is told to. */
  durationMs?: number;
  /** How often to tell the status, in milliseconds. */
  statusEveryMs: number;
  /** At the end agents say goodbye; else they vanish, as when a rack loses its power. */
  goodbye: boolean;
}

/** Milliseconds; null where nothing was measured. */
export interface LatencyFigures {
  count: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
}

/** How the fleet is, from its own side. Counts are from the simulation's start. */
export interface SimulationStatus {
  elapsedMs: number;
  nodes: number;
  /** Agents that were started. */
  started: number;
  /** Nodes that have joined. */
  joined: number;
  /** Agents that run now: without those that died, with clones. */
  running: number;
  /** Heartbeats that were answered with 200. */
  beats: number;
  /** Of those, since the last status. */
  beatsPerSecond: number;
  /** Answers and failures by what was asked: `{heartbeat: {"200": 5, "timeout": 1}}`. */
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
  /** From the start until the last node had joined; null where not all did. */
  allJoinedMs: number | null;
  /** By what was asked; from a request's begin, without the time that it waited to be let through. */
  latency: Record<string, LatencyFigures>;
}

/** To the process with the agents. */
export type SimulationOrder =
  | { kind: 'run'; plan: SimulationPlan }
  /** Strikes this many nodes without a fault, at once. */
  | { kind: 'strike'; fault: FaultKind; count: number; forMs?: number }
  | { kind: 'stop' };

/** From it. */
export type SimulationMessage =
  | { kind: 'status'; status: SimulationStatus }
  | { kind: 'struck'; at: number; nodes: string[] }
  | { kind: 'summary'; summary: SimulationSummary }
  /** It could not begin; one sentence. */
  | { kind: 'failed'; why: string };
