import type { Position } from './cursor.js';
import type { NodeDocument } from './schemas/node.schema.js';

export type Direction = 1 | -1;

/** A node of a page, with its position. */
export interface Found {
  document: NodeDocument;
  position: Position;
}

/** Key of a position whose document lacks the field; MongoDB sorts those before all others. */
export const ABSENT = -1;
/** Likewise for text keys and tie-breakers. */
export const ABSENT_TEXT = '';

/**
 * Selects what comes after a position in this order.
 * @param tie the field that orders documents with equal keys
 */
export function beyond(field: string, tie: string, direction: Direction, { key, id }: Position) {
  const operator = direction === 1 ? '$gt' : '$lt';
  const isAbsent = key === ABSENT || key === ABSENT_TEXT;
  return {
    $or: [
      { [field]: { $eq: isAbsent ? null : key }, [tie]: { [operator]: id } },
      ...(isAbsent && direction === -1 ? [] : [{ [field]: { [operator]: key } }]),
      // Comparisons with a value do not match absent fields.
      ...(!isAbsent && direction === -1 ? [{ [field]: { $eq: null } }] : []),
    ],
  };
}
