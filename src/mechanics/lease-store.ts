/** Leases, for work that only one replica at a time should do. */
export abstract class LeaseStore {
  /**
   * Takes or prolongs the lease.
   * @param forMs duration, in milliseconds, after which another holder may take it
   * @returns whether `holder` has it now
   */
  abstract hold(lease: string, holder: string, forMs: number): Promise<boolean>;

  /** Releases the lease early, where `holder` has it. */
  abstract release(lease: string, holder: string): Promise<void>;
}
