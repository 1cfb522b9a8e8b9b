import type { EpochMs } from '../../contract/states.js';

/** One request under an Idempotency-Key. */
export interface KeyedRequest {
  /** Whose key it is: keys of different principals never meet. */
  principal: string;
  key: string;
  /** Hash of method, path and body: the same key with another request is an error of the caller. */
  fingerprint: string;
}

export interface RecordedAnswer {
  status: number;
  body: unknown;
}

/** `new`: go on and `complete` it. `running`: the first one has not ended. */
export type KeyState = { state: 'new' } | { state: 'running' } | { state: 'reused' } | { state: 'done'; answer: RecordedAnswer };

export abstract class IdempotencyStore {
  /** Claims the key for this request. A claim that was never completed is free again after a minute. */
  abstract begin(request: KeyedRequest, at: EpochMs): Promise<KeyState>;

  /** Remembers the answer for 24 hours. */
  abstract complete(request: KeyedRequest, answer: RecordedAnswer): Promise<void>;

  /**
   * Takes a key that stands for no request, and that nobody will ask an answer of.
   * @param lifetimeMs how long it stays taken at least, in milliseconds
   * @returns whether it was free
   */
  abstract takeOnce(key: Pick<KeyedRequest, 'principal' | 'key'>, at: EpochMs, lifetimeMs: number): Promise<boolean>;

  /** The request failed without effect: the key is free again. */
  abstract abandon(request: KeyedRequest): Promise<void>;
}
