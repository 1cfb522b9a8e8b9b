import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { NodeStore } from '../record/node-store.js';
import { bootVerdict } from './boot-verdict.js';
import { CopiedIdentities } from './copied-identities.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatStore, type Heartbeat } from './heartbeat-store.js';
import { KnownNodes } from './known-nodes.js';

/**
 * Handles heartbeats that this replica accepted from memory but the record contradicted: another replica has heard another boot since, or the node
 * is removed. The memory is then wrong, and two machines may be using one identity.
 */
@Injectable()
export class SupersededHeartbeats implements OnModuleInit {
  private readonly logger = new Logger('Identity');

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly known: KnownNodes,
    private readonly heartbeats: HeartbeatStore,
    private readonly nodes: NodeStore,
    private readonly copies: CopiedIdentities,
  ) {}

  onModuleInit(): void {
    this.buffer.onSuperseded = (beats) => {
      for (const { uid } of beats) this.known.forget(uid);
      this.lookForCopies(beats).catch((error: Error) =>
        this.logger.debug({
          msg: 'could not look for copied identities; the next heartbeats will',
          reason: error.message,
        }),
      );
    };
  }

  private async lookForCopies(beats: readonly Heartbeat[]): Promise<void> {
    const stored = await this.heartbeats.read(beats.map(({ uid }) => uid));
    for (const { uid, bootId, seq, lastSeen: at } of beats) {
      const last = stored.get(uid);
      if (last === undefined || bootVerdict(last, { bootId, seq, at }) !== 'returned') continue;
      const node = await this.nodes.findByUid(uid);
      if (node?.living) await this.copies.flag(node, bootId, last, at, null);
    }
  }
}
