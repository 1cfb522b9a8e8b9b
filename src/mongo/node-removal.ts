import type { EpochMs } from '../../contract/states.js';
import type { NodeDocument } from './schemas/node.schema.js';

/**
 * Fields that a removal sets, besides unsetting `living`. Shared by both ways to it, so that neither forgets to revoke the credential: an
 * administrator's `remove`, and the workflow at the end of a decommission.
 */
export function removalFields(node: Pick<NodeDocument, 'credential'>, at: EpochMs): Partial<NodeDocument> {
  return {
    phase: 'REMOVED',
    removedAt: at,
    ...(node.credential ? { credential: { revokedAt: at, ...node.credential } } : {}),
  };
}
