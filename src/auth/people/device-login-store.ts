import type { EpochMs } from '../../../contract/states.js';

/** A pending sign-in of a command line at the identity provider. */
export interface DeviceLoginRecord {
  /** SHA-256 of the command line's handle. */
  id: string;
  /** The address that it counts for. */
  from: string;
  /** The provider's device code, sealed with the handle, so that a dump of the database cannot use it. Absent until the provider has answered. */
  sealed?: string;
  /** The provider's polling interval, in seconds. */
  pollEveryS: number;
  /** The provider is not asked before this time. */
  nextPollAt: EpochMs;
  /** When the record is deleted. */
  expiresAt: EpochMs;
}

export abstract class DeviceLoginStore {
  abstract create(login: DeviceLoginRecord): Promise<void>;

  /** Number of pending ones, for an address and in total, each counted up to `most`. */
  abstract pending(from: string, now: EpochMs, most: number): Promise<{ ofAddress: number; inAll: number }>;

  /** Records the provider's answer. */
  abstract note(
    id: string,
    said: Partial<Pick<DeviceLoginRecord, 'sealed' | 'pollEveryS' | 'nextPollAt' | 'expiresAt'>>,
  ): Promise<void>;

  abstract find(id: string): Promise<DeviceLoginRecord | null>;

  /**
   * Claims the next request to the provider, which only one replica may make, since device codes can be used once.
   * @param until end of the claim
   * @returns null where it is not time yet, or there is no such login
   */
  abstract claimPoll(id: string, now: EpochMs, until: EpochMs): Promise<DeviceLoginRecord | null>;

  /** Ends a login; ignored where there is none. */
  abstract end(id: string): Promise<void>;
}
