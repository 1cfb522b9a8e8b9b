/** One page of a list, with the cursor of the next; null where there is none. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface PageRequest {
  limit: number;
  /** The `nextCursor` of the previous page. */
  cursor?: string | undefined;
}

/** The cursor was not issued by this list. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';

  constructor() {
    super('the cursor is not one that this list handed out');
  }
}
