import type { EpochMs } from '../../contract/states.js';

/** One request under an Idempotency-Key. */
export interface KeyedRequest {
  /** Owner of the key: keys of different principals are independent. */
  principal: string;
  key: string;
  /** Hash of method, path and body: reusing a key for another request is an error of the caller. */
  fingerprint: string;
}

/** A claim of a key, valid until another request takes it over. */
export interface KeyClaim extends KeyedRequest {
  claimedAt: EpochMs;
}

export interface RecordedAnswer {
  status: number;
  body: unknown;
}

/** `new`: claimed; execute and `complete` it. `running`: the first request has not ended. */
export type KeyState =
  | { state: 'new' }
  | { state: 'running' }
  | { state: 'reused' }
  | { state: 'done'; answer: RecordedAnswer };

export abstract class IdempotencyStore {
  /** Claims the key for this request. A claim that was never completed can be taken over after a minute. */
  abstract begin(request: KeyedRequest, at: EpochMs): Promise<KeyState>;

  /**
   * Stores the answer for {@link AnswerRetention}; within a unit of work, together with it or not at all.
   * @returns whether the claim was still valid
   */
  abstract complete(claim: KeyClaim, answer: RecordedAnswer): Promise<boolean>;

  /**
   * Takes a one-time key that belongs to no request and has no answer.
   * @param lifetimeMs minimum time for which it stays taken, in milliseconds
   * @returns whether it was free
   */
  abstract takeOnce(key: Pick<KeyedRequest, 'principal' | 'key'>, at: EpochMs, lifetimeMs: number): Promise<boolean>;

  /** Frees the key of a failed request, unless an answer was stored with its effects. */
  abstract abandon(claim: KeyClaim): Promise<void>;
}

/** How long answers are stored, in milliseconds. */
export class AnswerRetention {
  constructor(readonly ms: number) {}
}
