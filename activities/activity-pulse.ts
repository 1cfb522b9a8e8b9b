/** Heartbeats of a long activity to Temporal. */
export interface ActivityPulse {
  /** The last progress that an earlier attempt reported; undefined in the first attempt, and if none was reported. */
  progress(): unknown;
  /**
   * Reports that the activity is alive and, for a later attempt, its progress.
   * @throws if the activity is to end: its worker stops, or its result is not awaited any longer
   */
  beat(progress?: unknown): void;
  /**
   * Reports the same, and pauses.
   * @throws as {@link beat}
   */
  rest(ms: number, progress?: unknown): Promise<void>;
}
