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
   * Nobody can tell the machine that the node was from the one that copied it, so both are meant. However many replicas
   * find out, it is written down once.
   * @param bootId of the one that gave them away
   * @param other the last heartbeat of the other; one from before the node joined anew says nothing about the key that it has now
   * @param from the address of the one that gave them away
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
