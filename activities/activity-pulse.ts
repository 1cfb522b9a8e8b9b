/** How an activity that takes its time stays in touch with Temporal. */
export interface ActivityPulse {
  /** What an earlier try of this activity said last of how far it had come; undefined where it said nothing, and in the first try. */
  progress(): unknown;
  /**
   * Says that the activity lives and, for a later try, how far it has come.
   * @throws where the activity is to end: its worker stops, or nobody waits for it any more
   */
  beat(progress?: unknown): void;
  /**
   * Says the same, and rests.
   * @throws as {@link beat}
   */
  rest(ms: number, progress?: unknown): Promise<void>;
}
