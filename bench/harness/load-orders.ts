/** A node for which the load generator beats. */
export interface Target {
  accessToken: string;
  bootId: string;
}

export interface LoadPlan {
  port: number;
  connections: number;
  durationMs: number;
  /** Beats per second, evenly spread over the targets in turn; absent for as many as possible. */
  ratePerSecond?: number;
}

export interface LoadResult {
  /** Answered with 200. */
  beats: number;
  statuses: Record<string, number>;
  /** Connections that broke. */
  broken: number;
  seconds: number;
  /** Milliseconds; at a given rate from when a beat was due, otherwise from when it was sent. */
  latency: { p50: number; p99: number; max: number };
  /** CPU of the generator itself. */
  cpuSeconds: number;
}

export type LoadOrder =
  | { kind: 'targets'; targets: Target[] }
  | { kind: 'once'; port: number; connections: number }
  | { kind: 'run'; plan: LoadPlan }
  | { kind: 'stop' };
export type LoadMessage = { kind: 'ready' } | { kind: 'result'; result: LoadResult } | { kind: 'failed'; why: string };
