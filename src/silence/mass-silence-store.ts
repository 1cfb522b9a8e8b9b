import type { Silence } from '../../contract/mass-silence.js';
import type { EpochMs, Liveness } from '../../contract/states.js';
import type { RecordedEvent } from '../record/event-store.js';

/** A time in which so many nodes were silent together that none is blamed for it beyond remedy. See docs/adr/0024. */
export interface MassSilenceRecord extends Silence {
  id: string;
  /** When the first of them was last heard. */
  since: EpochMs;
  noticedAt: EpochMs;
  /** So many were silent at the most. */
  mostSilent: number;
  /** Null while it lasts. */
  endedAt: EpochMs | null;
  /** `system` where most came back, else who released it. */
  endedBy: string | null;
  /** Whoever was last heard before this moment makes no further mass silence. */
  judgedUntil: EpochMs | null;
}

export interface MassSilenceEnd {
  at: EpochMs;
  by: string;
  judgedUntil: EpochMs;
}

/** Nodes last heard of after `after` and not after `until`. */
export interface LastHeard {
  after: EpochMs;
  until: EpochMs;
  /** Those only whose record calls them one of these. */
  still?: readonly Liveness[];
}

/** Mass silences, and the counts that make one. Only nodes count that are expected to beat: neither replicas of the api, nor who was rejected, is drained, or said goodbye. */
export abstract class MassSilenceStore {
  /** The latest hundred, the latest first. */
  abstract list(): Promise<MassSilenceRecord[]>;

  /** @returns false where one lasts already: there is never more than one */
  abstract begin(began: MassSilenceRecord, event: RecordedEvent): Promise<boolean>;

  /** How many are silent by now. Ignored where it has ended. */
  abstract note(id: string, silence: Silence): Promise<void>;

  /** @returns what it was; null where it has ended already */
  abstract end(id: string, end: MassSilenceEnd, event: RecordedEvent): Promise<MassSilenceRecord | null>;

  /**
   * When each of these nodes was last heard, the earliest first.
   * @param atLeast of fewer than these none is looked up: the answer is empty
   */
  abstract lastHeard(nodes: LastHeard, atLeast: number): Promise<EpochMs[]>;

  /** How many nodes were heard after this moment. */
  abstract countHeardAfter(at: EpochMs): Promise<number>;
}
