import { BadCursor } from '../http/page.js';

/** A MongoDB timestamp: 64 bits, in decimal. */
const MOMENT = /^\d{1,20}$/;

/** Where a page ended: the sort key of its last item and its tie-breaker. */
export interface Position {
  key: string | number;
  id: string;
  /** The snapshot that the order was read from, for orders that change while they are paged through: see snapshot.ts. */
  at?: string | undefined;
}

/** @param order names the list and its sorting, so that a cursor is refused by any other list */
export function encodeCursor(order: string, position: Position): string {
  const { key, id, at } = position;
  return Buffer.from(JSON.stringify([order, key, id, ...(at === undefined ? [] : [at])])).toString('base64url');
}

/** @throws BadCursor where `encodeCursor` did not make it for this order. */
export function decodeCursor(order: string, keyType: 'string' | 'number', cursor: string): Position {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length < 3 || parts.length > 4) throw new BadCursor();
  const [itsOrder, key, id, at] = parts as unknown[];
  if (itsOrder !== order || typeof key !== keyType || typeof id !== 'string') throw new BadCursor();
  if (at !== undefined && !(typeof at === 'string' && MOMENT.test(at))) throw new BadCursor();
  return { key: key as string | number, id, ...(at !== undefined && { at }) };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursor();
  }
}
