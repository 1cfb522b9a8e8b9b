/** What somebody has typed for a node and not saved. It outlives the tab that it was typed in, and a login that ended meanwhile. */
export interface Draft {
  /** As it was when the editing began. */
  began: string;
  typed: string;
}

const drafts = new Map<string, Draft>();

/** @param key names who typed, the node's incarnation, and what of it is edited */
export function draftOf(key: string): Draft | undefined {
  return drafts.get(key);
}

export function keepDraft(key: string, draft: Draft): void {
  drafts.set(key, draft);
}

export function dropDraft(key: string): void {
  drafts.delete(key);
}
