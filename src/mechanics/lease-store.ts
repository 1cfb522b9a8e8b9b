/** Lets one of many replicas do what must not be done by two at once for long. */
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
