/** Cursors lead forward only: what was gone through is remembered, for the way back and for counting. */
interface Step {
  /** The cursor of the page before; empty is the first page. */
  before: string;
  /** How many nodes come before this page. */
  offset: number;
}

const steps = new Map<string, Step>();
/** More than anybody pages through; beyond it the first are forgotten. */
const MOST = 2_000;

/** Remembers that the page at `cursor` comes after the one at `before`. */
export function rememberStep(cursor: string, step: Step): void {
  steps.set(cursor, step);
  const oldest = steps.keys().next();
  if (steps.size > MOST && !oldest.done) steps.delete(oldest.value);
}

/** How the page at `cursor` was come to; undefined for one that was reached by a link. */
export function stepTo(cursor: string): Step | undefined {
  return cursor === '' ? { before: '', offset: 0 } : steps.get(cursor);
}
