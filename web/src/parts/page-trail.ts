import { keep, kept } from './kept.js';

/** Cursors only lead forward, so the visited pages are remembered, for the way back and for counting, even after a reload. */
interface Step {
  /** Cursor of the previous page; empty for the first. */
  before: string;
  /** Number of items before this page. */
  offset: number;
}

const KEY = 'rollcall.page-trail';
/** Maximum number of remembered pages; the first are dropped. */
const MOST = 500;

const steps = new Map<string, Step>(remembered());

function remembered(): [string, Step][] {
  const stored = kept('sessionStorage', KEY);
  return Array.isArray(stored) ? stored.filter(isEntry) : [];
}

function isEntry(entry: unknown): entry is [string, Step] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  const { before, offset } = (entry[1] ?? {}) as Partial<Step>;
  return typeof before === 'string' && Number.isSafeInteger(offset);
}

/** Remembers that the page at `cursor` comes after the one at `before`. */
export function rememberStep(cursor: string, step: Step): void {
  steps.set(cursor, step);
  const oldest = steps.keys().next();
  if (steps.size > MOST && !oldest.done) steps.delete(oldest.value);
  keep('sessionStorage', KEY, [...steps]);
}

/** How the page at `cursor` was reached; undefined if it was opened by a link. */
export function stepTo(cursor: string): Step | undefined {
  return cursor === '' ? { before: '', offset: 0 } : steps.get(cursor);
}
