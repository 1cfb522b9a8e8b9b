/** What of a node needs somebody. The list is filtered by these, the overview begins with them. */
export const ATTENTIONS = [
  /** In service and silent, as its workflow has found. */
  'lost',
  /** Recorded as HEALTHY, silent for longer than it may, and not judged yet. */
  'overdue',
  /** More than one machine beats with its identity. */
  'copied',
  /** Its drain goes on beyond its deadline. */
  'lateDrain',
  /** One of its checks says that it is unfit. */
  'unfit',
  /** What was decided of it was not applied soon. */
  'unapplied',
  /** It has joined, and waits for an administrator. */
  'pending',
] as const;
export type Attention = (typeof ATTENTIONS)[number];
