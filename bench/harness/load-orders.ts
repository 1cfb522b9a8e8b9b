/** A node that the load generator speaks for. */
export interface Target {
  accessToken: string;
  bootId: string;
}

export interface LoadPlan {
  port: number;
  connections: number;
  durationMs: number;
  /** Beats in a second, evenly spread over the targets in turn; absent: as many as get through. */
  ratePerSecond?: number;
}

export interface LoadResult {
  /** Answered with 200. */
  beats: number;
  statuses: Record<string, number>;
  /** Connections that broke. */
  broken: number;
  seconds: number;
  /** Milliseconds; at a given rate from the moment at which a beat was due, else from when it was sent. */
  latency: { p50: number; p99: number; max: number };
  /** Of the generator itself. */
  cpuSeconds: number;
}

export type LoadOrder =
  | { kind: 'targets'; targets: Target[] }
  | { kind: 'once'; port: number; connections: number }
  | { kind: 'run'; plan: LoadPlan }
  | { kind: 'stop' };
export type LoadMessage = { kind: 'ready' } | { kind: 'result'; result: LoadResult } | { kind: 'failed'; why: string };
