import { Injectable, Logger } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { SYSTEM } from '../../contract/states.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import type { LastBeat } from './standing-store.js';

/** Marks nodes whose identity more than one machine uses: they get no new sessions until their token is regenerated. */
@Injectable()
export class CopiedIdentities {
  private readonly logger = new Logger('Identity');

  constructor(private readonly nodes: NodeStore) {}

  /**
   * Marks the identity as copied. The original and the copy cannot be told apart, so the mark concerns both. Recorded once, however many replicas
   * notice.
   * @param bootId the boot whose heartbeat revealed the copy
   * @param other the last heartbeat of the other machine; ignored where it is older than the node's present credential
   * @param from the address that the revealing heartbeat came from
   */
  async flag(node: NodeRecord, bootId: string, other: LastBeat, at: EpochMs, from: string | null): Promise<void> {
    if (node.copied !== null || node.credential === null || other.lastSeen < (node.credential.since ?? 0)) return;
    const bootIds = [bootId, other.bootId];
    const reason = `two agents beat in turn with this identity (boots ${bootIds.join(' and ')}): no new sessions until its token is regenerated`;
    const flagged = await this.nodes.flagCopied(
      node.uid,
      node.credential.generation,
      { since: at, bootIds },
      nodeEvent(node, 'IdentityCopied', at, { by: SYSTEM, from }, reason),
    );
    if (flagged)
      this.logger.warn({ msg: 'more than one machine uses the identity of a node', node: node.name, bootIds, from });
  }
}
