import type { Figures } from '../../contract/measures.js';
import type { EpochMs } from '../../contract/states.js';

/** Stored figures of one heartbeat, or of several together. */
export interface HistoryPoint extends Figures {
  uid: string;
  /** When it was received; of several, when the last one was. */
  at: EpochMs;
}

/** A minute of a node's heartbeats, folded. */
export interface MinutePoint extends HistoryPoint {
  /** Number of late heartbeats. */
  late: number;
}

/** The history of heartbeats: each for an hour, folded minutes for a week. */
export abstract class HistoryStore {
  /** Not durable when the promise resolves: plots are not worth a majority's round trip. */
  abstract record(beats: readonly HistoryPoint[], minutes: readonly MinutePoint[]): Promise<void>;

  /** Points, earliest first. @param to defaults to now */
  abstract beats(uid: string, from: EpochMs, to?: EpochMs): Promise<HistoryPoint[]>;

  /** Minutes, earliest first. There are several of a minute in which several api replicas heard the node. */
  abstract minutes(uid: string, from: EpochMs, to?: EpochMs): Promise<MinutePoint[]>;

  /**
   * CPU utilization of each node in percent, as means over equal spans of milliseconds, earliest first; null for spans without heartbeats. Nodes
   * without any heartbeat are left out.
   */
  abstract cpuTraces(
    uids: readonly string[],
    stretch: { from: EpochMs; stepMs: number; points: number },
  ): Promise<Map<string, (number | null)[]>>;

  /** Blind spots since `from`. */
  abstract blindSpots(from: EpochMs): Promise<{ from: EpochMs; to: EpochMs }[]>;
}
