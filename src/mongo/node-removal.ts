import type { EpochMs } from '../../contract/states.js';
import type { NodeDocument } from './schemas/node.schema.js';

/**
 * What a removal sets, besides unsetting `living`. One place for both ways to it, so that neither forgets to revoke: an
 * administrator's `remove`, and the workflow at the end of a decommission.
 */
export function removalFields(node: Pick<NodeDocument, 'credential'>, at: EpochMs): Partial<NodeDocument> {
  return {
    phase: 'REMOVED',
    removedAt: at,
    ...(node.credential ? { credential: { revokedAt: at, ...node.credential } } : {}),
  };
}
