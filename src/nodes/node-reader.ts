import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../contract/config/schema.js';
import type { Quiet } from '../../contract/health.js';
import { TRACE_POINTS, TRACE_STEP_MINUTES } from '../../contract/history.js';
import { asList } from '../../contract/schemas/common.js';
import type { Node, nodeListQuerySchema, nodePageSchema } from '../../contract/schemas/nodes.js';
import { labelFilter } from '../../contract/labels.js';
import { type LastHeartbeat, HeartbeatStore } from '../heartbeats/heartbeat-store.js';
import { HistoryStore } from '../history/history-store.js';
import { MINUTE_MS } from '../history/minute-means.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { conditionFilter, NodeStore } from '../record/node-store.js';
import { nodeNotFound } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { isOutdated, nodeView, nodeViewSettings, type NodeViewSettings } from './node-view.js';

/** Nodes as administrators see them. */
@Injectable()
export class NodeReader {
  private readonly settings: NodeViewSettings;

  constructor(
    private readonly nodes: NodeStore,
    private readonly heartbeats: HeartbeatStore,
    private readonly history: HistoryStore,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    this.settings = nodeViewSettings(config);
  }

  /** @throws ProblemError NODE_NOT_FOUND */
  async get(id: string): Promise<Node> {
    const node = await this.nodes.findLiving(id);
    if (node === null) throw nodeNotFound(id);
    return this.view(node);
  }

  async view(node: NodeRecord): Promise<Node> {
    const [view] = await this.views([node]);
    if (view === undefined) throw new Error('one record makes one view');
    return view;
  }

  /** @throws BadCursor */
  async list(query: z.output<typeof nodeListQuerySchema>): Promise<z.infer<typeof nodePageSchema>> {
    const {
      id,
      approval,
      liveness,
      phase,
      type,
      label,
      warning,
      stopped,
      outdated,
      attention,
      condition,
      total,
      include,
      ...rest
    } = query;
    const any = asList(attention);
    const page = await this.nodes.list({
      ...rest,
      total: total === 'true',
      quiet: warning === undefined ? undefined : this.quiet(),
      stopped: stopped !== undefined,
      attention: any && { any, quiet: this.quiet(), timeoutMs: this.settings.disconnectTimeoutMs },
      agentVersions: outdated === undefined ? undefined : await this.outdatedVersions(),
      names: asList(id),
      approval: asList(approval),
      liveness: asList(liveness),
      phase: asList(phase),
      type: asList(type),
      labels: asList(label)?.map(labelFilter),
      conditions: asList(condition)?.map(conditionFilter),
    });
    return {
      items: await this.views(page.items),
      nextCursor: page.nextCursor,
      total: page.total,
      ...(include !== undefined && { cpu: await this.cpuOf(page.items) }),
    };
  }

  /** CPU traces up to the last whole step, so that polls within one step have the same answer. */
  private async cpuOf(nodes: readonly NodeRecord[]): Promise<Record<string, (number | null)[]>> {
    const stepMs = TRACE_STEP_MINUTES * MINUTE_MS;
    const to = Math.floor(this.clock.now() / stepMs) * stepMs;
    const traces = await this.history.cpuTraces(
      nodes.map(({ uid }) => uid),
      { from: to - TRACE_POINTS * stepMs, stepMs, points: TRACE_POINTS },
    );
    return Object.fromEntries(traces);
  }

  private quiet(): Quiet {
    const { missedHeartbeatsWarning: missed, heartbeatIntervalMs: intervalMs } = this.settings;
    return { now: this.clock.now(), missed, intervalMs };
  }

  private async outdatedVersions(): Promise<string[]> {
    return (await this.nodes.agentVersions()).filter((version) => isOutdated(version, this.settings.version));
  }

  private async views(nodes: NodeRecord[]): Promise<Node[]> {
    const heartbeats: Map<string, LastHeartbeat> =
      nodes.length === 0 ? new Map() : await this.heartbeats.read(nodes.map(({ uid }) => uid));
    const now = this.clock.now();
    return nodes.map((node) => nodeView(node, heartbeats.get(node.uid), now, this.settings));
  }
}
