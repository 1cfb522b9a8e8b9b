/** Reasons why a node needs attention. The list can be filtered by them, and the overview begins with them. */
export const ATTENTIONS = [
  /** In service and silent, as its workflow has found. */
  'lost',
  /** Recorded as HEALTHY, silent for longer than it may, and not judged yet. */
  'overdue',
  /** More than one machine sends heartbeats with its identity. */
  'copied',
  /** Its drain goes on beyond its deadline. */
  'lateDrain',
  /** One of its checks says that it is unfit. */
  'unfit',
  /** A decision about it was not applied in time. */
  'unapplied',
  /** It has joined, and waits for approval. */
  'pending',
] as const;
export type Attention = (typeof ATTENTIONS)[number];
