/** What the reconciler tells the log. */
export abstract class ReconcilerLog {
  abstract warn(entry: Record<string, unknown>): void;
  abstract log(entry: Record<string, unknown>): void;
}
