/** What the reconciler tells the log. */
export interface ReconcilerLog {
  warn(entry: Record<string, unknown>): void;
  log(entry: Record<string, unknown>): void;
}
