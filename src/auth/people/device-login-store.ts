import type { EpochMs } from '../../../contract/states.js';

/** A command line that waits for its person to sign in at the identity provider. */
export interface DeviceLoginRecord {
  /** SHA-256 of the handle by which the command line asks what became of it. */
  id: string;
  /** Whose address counts for it. */
  from: string;
  /** The provider's device code, sealed with the handle: the database alone cannot ask the provider. Absent until there is one. */
  sealed?: string;
  /** How often the provider wants to be asked; in seconds. */
  pollEveryS: number;
  /** Nobody asks the provider before. */
  nextPollAt: EpochMs;
  /** The record disappears then. */
  expiresAt: EpochMs;
}

export abstract class DeviceLoginStore {
  abstract create(login: DeviceLoginRecord): Promise<void>;

  /** How many have not ended, of one address and in all; counted up to `most` of each. */
  abstract pending(from: string, now: EpochMs, most: number): Promise<{ ofAddress: number; inAll: number }>;

  /** What the provider said of it. */
  abstract note(
    id: string,
    said: Partial<Pick<DeviceLoginRecord, 'sealed' | 'pollEveryS' | 'nextPollAt' | 'expiresAt'>>,
  ): Promise<void>;

  abstract find(id: string): Promise<DeviceLoginRecord | null>;

  /**
   * Of all who may ask the provider, one does it: a device code is good once.
   * @param until nobody else gets it before
   * @returns null where it is not time yet, or there is no such login
   */
  abstract claimPoll(id: string, now: EpochMs, until: EpochMs): Promise<DeviceLoginRecord | null>;

  /** Ending what is not there is no error. */
  abstract end(id: string): Promise<void>;
}
