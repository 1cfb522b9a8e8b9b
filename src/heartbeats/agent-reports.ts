import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { goodbyeRequestSchema, NodeInfo } from '../../contract/schemas/agents.js';
import { agentName } from '../auth/caller.js';
import { Clock } from '../mechanics/clock.js';
import { labelsAfter } from '../record/agent-labels.js';
import { EventStore, type NodeEvent } from '../record/event-store.js';
import { nodeEvent } from '../record/node-event.js';
import { nodeAwaitsApproval, nodeRemoved } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatStore } from './heartbeat-store.js';
import { NodeQuotas } from '../auth/node-quotas.js';

/** Limit of the information that an unapproved node may store, in bytes: far more than a usual machine's inventory. */
const PENDING_INFO_BYTES = 16_384;

/** Stores what agents report besides heartbeats. No decision depends on it. */
@Injectable()
export class AgentReports {
  constructor(
    private readonly nodes: NodeStore,
    private readonly heartbeats: HeartbeatStore,
    private readonly buffer: HeartbeatBuffer,
    private readonly events: EventStore,
    private readonly quotas: NodeQuotas,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a node's information, unless it is unchanged, as nearly all is.
   * @param from the sender's address
   * @throws ProblemError NODE_REMOVED where the node was removed meanwhile, NODE_AWAITS_APPROVAL for too long a text before approval,
   * TOO_MANY_REQUESTS where its labels change too often
   */
  async keepInfo(node: NodeRecord, info: NodeInfo, from: string | null = null): Promise<void> {
    if (node.decision.approval.value === 'PENDING' && Buffer.byteLength(JSON.stringify(info)) > PENDING_INFO_BYTES) {
      throw nodeAwaitsApproval(node, `until then what it says of itself has at most ${PENDING_INFO_BYTES} bytes`);
    }
    if (isDeepStrictEqual(node.info, info)) return;
    if (!(await this.nodes.saveInfo(node.uid, info, this.relabelled(node, info, from)))) throw nodeRemoved(node);
  }

  /** The event of a change of labels by the agent; undefined where they stay the same. */
  private relabelled(node: NodeRecord, { labels: says }: NodeInfo, from: string | null): NodeEvent | undefined {
    if (says === undefined) return undefined;
    const { labels } = labelsAfter({ ...node, said: node.info?.labels }, says);
    if (isDeepStrictEqual(labels, node.labels)) return undefined;
    this.quotas.demand(node, 'labels');
    this.quotas.take(node, 'labels');
    const reason = `labels as its agent's configuration says: ${labelText(labels)}`;
    return nodeEvent(node, 'NodeEdited', this.clock.now(), { by: agentName(node), from }, reason);
  }

  /** Records a goodbye. The node is shown as stopped at once; its liveness still depends on silence alone. */
  async noteGoodbye(
    node: NodeRecord,
    { bootId, reason }: z.infer<typeof goodbyeRequestSchema>,
    from: string | null,
  ): Promise<void> {
    // The goodbye belongs to the last heartbeat, which may still wait to be written.
    await this.buffer.flush();
    const at = this.clock.now();
    await this.heartbeats.recordGoodbye(node.uid, bootId, at);
    if (this.quotas.take(node, 'goodbyes'))
      await this.events.append([nodeEvent(node, 'NodeSaidGoodbye', at, { by: agentName(node), from }, reason)]);
  }
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? 'none' : pairs.join(', ');
}
