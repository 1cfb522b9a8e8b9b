import type { EpochMs } from '../../contract/states.js';

/** What a provider has announced for this machine. */
export interface CloudNotice {
  /** Tells it from others; the same as long as it stands. */
  key: string;
  /** For people. */
  says: string;
  /** When it happens, by the machine's clock; absent where that is not known. */
  at?: EpochMs;
}

/** Asks a provider's metadata server. */
export interface NoticeSource {
  /**
   * What stands at the moment; the most urgent of several.
   * @throws Error with one sentence, where that cannot be known
   */
  read(stop: AbortSignal): Promise<CloudNotice | undefined>;
}
