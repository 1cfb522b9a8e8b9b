import type { Silence } from '../../contract/mass-silence.js';
import type { EpochMs, Liveness } from '../../contract/states.js';
import type { RecordedEvent } from '../record/event-store.js';

/** A time in which so many nodes were silent together that nothing irreversible follows from it. See docs/adr/0024. */
export interface MassSilenceRecord extends Silence {
  id: string;
  /** The earliest last heartbeat of its nodes. */
  since: EpochMs;
  noticedAt: EpochMs;
  /** Highest number of silent nodes. */
  mostSilent: number;
  /** Null while it lasts. */
  endedAt: EpochMs | null;
  /** `system` where most nodes came back, otherwise the person who released it. */
  endedBy: string | null;
  /** Nodes last heard before this moment do not count for further mass silences. */
  judgedUntil: EpochMs | null;
}

export interface MassSilenceEnd {
  at: EpochMs;
  by: string;
  judgedUntil: EpochMs;
}

/** Selects nodes last heard after `after` and not after `until`. */
export interface LastHeard {
  after: EpochMs;
  until: EpochMs;
  /** Restricts them to these recorded values of liveness. */
  still?: readonly Liveness[];
}

/** Mass silences, and the counts by which they are found. Api replicas, and nodes that are rejected, drained or said goodbye, do not count. */
export abstract class MassSilenceStore {
  /** The last hundred, latest first. */
  abstract list(): Promise<MassSilenceRecord[]>;

  /** @returns false where another one lasts */
  abstract begin(began: MassSilenceRecord, event: RecordedEvent): Promise<boolean>;

  /** Updates the number of silent nodes. Ignored where the mass silence has ended. */
  abstract note(id: string, silence: Silence): Promise<void>;

  /** @returns the record before it ended; null where it has ended already */
  abstract end(id: string, end: MassSilenceEnd, event: RecordedEvent): Promise<MassSilenceRecord | null>;

  /**
   * Last heartbeats of these nodes, earliest first.
   * @param atLeast where there are fewer, nodes are not looked up and the answer is empty
   */
  abstract lastHeard(nodes: LastHeard, atLeast: number): Promise<EpochMs[]>;

  /** Number of nodes that were heard after this moment. */
  abstract countHeardAfter(at: EpochMs): Promise<number>;
}
