import type { Figures } from '../../contract/measures.js';
import type { EpochMs } from '../../contract/states.js';

/** What one heartbeat said, as far as it is kept, or several heartbeats together. */
export interface HistoryPoint extends Figures {
  uid: string;
  /** When it was received, by the api's clock; of several, when the last one was. */
  at: EpochMs;
}

/** A minute of a node's heartbeats. */
export interface MinutePoint extends HistoryPoint {
  /** How many of them came late. */
  late: number;
}

/** Heartbeats of the past: each for an hour, minutes of them for a week. */
export abstract class HistoryStore {
  /** Not durable when the promise resolves: what an outage costs a plot is not worth a majority's round trip. */
  abstract record(beats: readonly HistoryPoint[], minutes: readonly MinutePoint[]): Promise<void>;

  /** The earliest first. @param to until now where it is absent */
  abstract beats(uid: string, from: EpochMs, to?: EpochMs): Promise<HistoryPoint[]>;

  /** The earliest first. Of a minute that several api replicas heard the node in there are several. */
  abstract minutes(uid: string, from: EpochMs, to?: EpochMs): Promise<MinutePoint[]>;

  /**
   * How busy each of these was, in percent: so many means of so many milliseconds each, the earliest first; null where nothing was heard. Nodes of
   * which nothing was heard in all of the time are left out.
   */
  abstract cpuTraces(
    uids: readonly string[],
    stretch: { from: EpochMs; stepMs: number; points: number },
  ): Promise<Map<string, (number | null)[]>>;

  /** When no api replica was recording heartbeats, since `from`. */
  abstract blindSpots(from: EpochMs): Promise<{ from: EpochMs; to: EpochMs }[]>;
}
