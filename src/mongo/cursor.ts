import { BadCursor } from '../http/page.js';

/** Where a page ended: the sort key of its last item and what breaks ties. */
export interface Position {
  key: string | number;
  id: string;
}

/** @param order names the list and its sorting, so that a cursor of one is not taken for another's. */
export function encodeCursor(order: string, position: Position): string {
  return Buffer.from(JSON.stringify([order, position.key, position.id])).toString('base64url');
}

/** @throws BadCursor where `encodeCursor` did not make it for this order. */
export function decodeCursor(order: string, keyType: 'string' | 'number', cursor: string): Position {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 3) throw new BadCursor();
  const [itsOrder, key, id] = parts as unknown[];
  if (itsOrder !== order || typeof key !== keyType || typeof id !== 'string') throw new BadCursor();
  return { key: key as string | number, id };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursor();
  }
}
