/** Unsaved edits of a node. They survive a change of the tab, and an ended login. */
export interface Draft {
  /** The value when the editing began. */
  began: string;
  typed: string;
}

const drafts = new Map<string, Draft>();

/** @param key identifies the user, the node's incarnation, and the edited part */
export function draftOf(key: string): Draft | undefined {
  return drafts.get(key);
}

export function keepDraft(key: string, draft: Draft): void {
  drafts.set(key, draft);
}

export function dropDraft(key: string): void {
  drafts.delete(key);
}
