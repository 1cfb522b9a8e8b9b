import type { EpochMs } from '../../contract/states.js';

/** A provider's announcement about this machine. */
export interface CloudNotice {
  /** Identifies the notice while it stands. */
  key: string;
  /** Description for people. */
  says: string;
  /** When it happens, by the machine's clock; absent if unknown. */
  at?: EpochMs;
}

/** Reads a provider's metadata server. */
export interface NoticeSource {
  /**
   * The most urgent notice that stands now.
   * @throws Error with a one-sentence message if this cannot be determined
   */
  read(stop: AbortSignal): Promise<CloudNotice | undefined>;
}
