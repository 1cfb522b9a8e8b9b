/** How an activity that takes its time stays in touch with Temporal. */
export interface ActivityPulse {
  /**
   * Says that the activity lives, and rests.
   * @throws where the activity is to end: its worker stops, or nobody waits for it any more
   */
  rest(ms: number): Promise<void>;
}
