/** One page of a longer list, and where the next one begins; null where there is none. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface PageRequest {
  limit: number;
  /** The `nextCursor` of the page before, as it was handed out. */
  cursor?: string | undefined;
}

/** A cursor that this list did not hand out: a malformed request, never an empty page. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';

  constructor() {
    super('the cursor is not one that this list handed out');
  }
}
