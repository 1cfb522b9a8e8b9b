import type { Position } from './cursor.js';
import type { NodeDocument } from './schemas/node.schema.js';

export type Direction = 1 | -1;

/** A node of a page, and where the page would end with it. */
export interface Found {
  document: NodeDocument;
  position: Position;
}

/** What a position has as its key where the document has no such field; MongoDB sorts those before all others. */
export const ABSENT = -1;
/** The same of a key that is text, or of a tie. */
export const ABSENT_TEXT = '';

/**
 * What comes after a position in this order.
 * @param tie the field that orders what has the same key
 */
export function beyond(field: string, tie: string, direction: Direction, { key, id }: Position) {
  const operator = direction === 1 ? '$gt' : '$lt';
  const isAbsent = key === ABSENT || key === ABSENT_TEXT;
  return {
    $or: [
      { [field]: { $eq: isAbsent ? null : key }, [tie]: { [operator]: id } },
      ...(isAbsent && direction === -1 ? [] : [{ [field]: { [operator]: key } }]),
      // No comparison with a value finds what is absent.
      ...(!isAbsent && direction === -1 ? [{ [field]: { $eq: null } }] : []),
    ],
  };
}
