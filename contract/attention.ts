/** Reasons why a node needs attention. Lists can be filtered by them, and the overview begins with them. */
export const ATTENTIONS = [
  /** In service and judged silent by its workflow. */
  'lost',
  /** Recorded as HEALTHY, silent for longer than its timeout, and not judged yet. */
  'overdue',
  /** More than one machine sends heartbeats with its identity. */
  'copied',
  /** Its drain has passed its deadline. */
  'lateDrain',
  /** One of its checks reports that it is unfit. */
  'unfit',
  /** A decision about it has not been applied in time. */
  'unapplied',
  /** It has joined and waits for approval. */
  'pending',
] as const;
export type Attention = (typeof ATTENTIONS)[number];
