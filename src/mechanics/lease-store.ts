/** Lets one replica at a time do what two should not do at once for long. */
export abstract class LeaseStore {
  /**
   * Takes or prolongs the lease.
   * @param forMs until somebody else may take it, in milliseconds
   * @returns whether `holder` has it now.
   */
  abstract hold(lease: string, holder: string, forMs: number): Promise<boolean>;

  /** Gives it back before its time, where `holder` has it. */
  abstract release(lease: string, holder: string): Promise<void>;
}
