import type { EpochMs } from '../../contract/states.js';

/** One request under an Idempotency-Key. */
export interface KeyedRequest {
  /** Whose key it is: keys of different principals never meet. */
  principal: string;
  key: string;
  /** Hash of method, path and body: the same key with another request is an error of the caller. */
  fingerprint: string;
}

/** A key that this request took, and that is its own until another takes it over. */
export interface KeyClaim extends KeyedRequest {
  claimedAt: EpochMs;
}

export interface RecordedAnswer {
  status: number;
  body: unknown;
}

/** `new`: go on and `complete` it, as claimed at this moment. `running`: the first one has not ended. */
export type KeyState =
  | { state: 'new' }
  | { state: 'running' }
  | { state: 'reused' }
  | { state: 'done'; answer: RecordedAnswer };

export abstract class IdempotencyStore {
  /** Claims the key for this request, at this moment. A claim that was never completed can be taken over after a minute. */
  abstract begin(request: KeyedRequest, at: EpochMs): Promise<KeyState>;

  /**
   * Remembers the answer for {@link AnswerRetention}. Within a unit of work it is kept with the unit, or not at all.
   * @returns whether the key was this claim's still
   */
  abstract complete(claim: KeyClaim, answer: RecordedAnswer): Promise<boolean>;

  /**
   * Takes a key that stands for no request, and that nobody will ask an answer of.
   * @param lifetimeMs how long it stays taken at least, in milliseconds
   * @returns whether it was free
   */
  abstract takeOnce(key: Pick<KeyedRequest, 'principal' | 'key'>, at: EpochMs, lifetimeMs: number): Promise<boolean>;

  /** The request failed: the key is free again, unless an answer was kept with what it did. */
  abstract abandon(claim: KeyClaim): Promise<void>;
}

/** How long an answer is remembered, in milliseconds. */
export class AnswerRetention {
  constructor(readonly ms: number) {}
}
