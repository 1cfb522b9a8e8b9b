import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { firstDecision } from '../../contract/decision.js';
import { nodeNameFrom } from '../../contract/node-name.js';
import { SYSTEM } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { LifecycleNotifier } from '../lifecycle/lifecycle-notifier.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeNameTaken, NodeStore } from '../record/node-store.js';

const SUFFIX = '-api';

/** This api replica's node in the record. A restarted replica with the same name finds it again. */
@Injectable()
export class RequesterNode {
  private readonly logger = new Logger(RequesterNode.name);
  private readonly names: string[];
  private complained = false;

  constructor(
    private readonly nodes: NodeStore,
    private readonly lifecycle: LifecycleNotifier,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    const name = Orchestrator.Name ?? nodeNameFrom(hostname()) ?? 'orchestrator';
    // An agent on the same machine also uses the host's name, and may have been first.
    this.names = [name, `${name.slice(0, 63 - SUFFIX.length)}${SUFFIX}`];
  }

  /** @throws Error where both names belong to compute nodes */
  async findOrCreate(): Promise<NodeRecord> {
    for (const name of this.names) {
      const node = (await this.nodes.findLiving(name)) ?? (await this.create(name));
      if (node.type === 'Requester') return node;
      if (!this.complained)
        this.logger.warn({
          msg: 'the name of this api replica belongs to a compute node; set Orchestrator.Name',
          name,
        });
      this.complained = true;
    }
    throw new Error(`the names ${this.names.join(' and ')} belong to compute nodes: set Orchestrator.Name`);
  }

  private async create(name: string): Promise<NodeRecord> {
    const at = this.clock.now();
    const uid = randomUUID();
    const decision = firstDecision({
      at,
      by: SYSTEM,
      reason: 'a replica of the api',
      registered: true,
      approval: 'APPROVED',
    });
    const joined = nodeEvent(
      { uid, name },
      'NodeJoined',
      at,
      { by: SYSTEM, from: null },
      'a replica of the api started',
    );
    try {
      const node = await this.nodes.create(
        { uid, name, type: 'Requester', labels: {}, description: '', decision, at },
        [joined],
      );
      await this.lifecycle.start(node);
      return node;
    } catch (error) {
      // Another process created it first, which is equivalent.
      const other = error instanceof NodeNameTaken ? await this.nodes.findLiving(name) : null;
      if (other === null) throw error;
      return other;
    }
  }
}
