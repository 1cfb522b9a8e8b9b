import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { availabilityOf } from '../../contract/decision.js';
import type { HeartbeatRequest, HeartbeatResponse } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { HeartbeatHistory } from '../history/heartbeat-history.js';
import { historyPoint } from '../history/history-point.js';
import { ProblemError } from '../http/problem-error.js';
import type { NodeRecord } from '../nodes/node-record.js';
import { LifecycleSignals } from '../temporal/lifecycle-signals.js';
import { bootVerdict } from './boot-verdict.js';
import { CopiedIdentities } from './copied-identities.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatForwarding } from './heartbeat-forwarding.js';
import { HeartbeatStore, type LastHeartbeat } from './heartbeat-store.js';
import { SessionCommands } from '../sessions/session-commands.js';
import { SignalSpacing } from './signal-spacing.js';

/** Nodes are told an interval up to this much shorter or longer, so that a fleet that started together does not beat together. */
const JITTER = 0.1;
/** No node beats more often than this, in milliseconds, whatever it is configured to: RequestLimits lets twice as many in. */
const SHORTEST_INTERVAL_MS = 1_000;

/** Takes heartbeats: into the record always, on to the node's workflow where it should hear of them. */
@Injectable()
export class HeartbeatService {
  private readonly intervalMs: number;
  private readonly forwarding: HeartbeatForwarding;
  private readonly spacing: SignalSpacing;

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly heartbeats: HeartbeatStore,
    private readonly history: HeartbeatHistory,
    private readonly signals: LifecycleSignals,
    private readonly commands: SessionCommands,
    private readonly fleet: FleetSize,
    private readonly copies: CopiedIdentities,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.intervalMs = Compute.Heartbeat.Interval;
    this.forwarding = new HeartbeatForwarding(Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, this.intervalMs);
    this.spacing = new SignalSpacing(this.intervalMs);
  }

  /**
   * @param node the node that the heartbeat is from, as its credential says
   * @param from the address that it came from; null where it is this replica's own
   * @throws ProblemError STALE_HEARTBEAT where a later one of the same boot is known, UNAVAILABLE where it could not be kept
   */
  async receive(node: NodeRecord, request: HeartbeatRequest, from: string | null): Promise<HeartbeatResponse> {
    const at = this.clock.now();
    // Not acknowledged what may be lost: the agent comes again.
    if (this.buffer.isStalled) throw new ProblemError({ code: 'UNAVAILABLE', detail: 'heartbeats cannot be recorded at the moment', hint: 'Try again in a moment' });
    const { bootId, seq, resources } = request;
    const known = await this.lastHeartbeat(node.uid, bootId);
    const verdict = bootVerdict(known, { bootId, seq, at });
    if (verdict === 'stale') throw stale(node, seq);
    if (verdict === 'returned' && known !== undefined) await this.copies.flag(node, [bootId, known.bootId], at, from);
    if (!this.buffer.add({ uid: node.uid, lastSeen: at, bootId, seq, continuesBoot: verdict === 'next', resources })) throw stale(node, seq);
    this.history.add(historyPoint(node, resources, at), known?.lastSeen);
    this.tellWorkflow(node, request, at);
    return {
      approval: node.decision.approval.value,
      availability: availabilityOf(node.decision.availability, node.applied?.view.drainedSeq ?? 0),
      nextHeartbeatMs: this.nextHeartbeatMs(request.intervalMs),
      commands: this.commands.waitFor(node.uid),
    };
  }

  private async lastHeartbeat(uid: string, bootId: string): Promise<LastHeartbeat | undefined> {
    const waiting = this.buffer.latest(uid);
    if (waiting?.bootId === bootId) return { ...waiting, earlierBoots: [] };
    // Another boot's heartbeat waits: the record has to know of it before this one takes its place.
    if (waiting !== undefined) await this.buffer.flush();
    return (await this.heartbeats.read([uid])).get(uid);
  }

  private tellWorkflow(node: NodeRecord, heard: HeartbeatRequest, at: EpochMs): void {
    // Two agents that beat in turn would look like a restart with every heartbeat.
    const bootId = node.copied === null ? heard.bootId : (node.applied?.view.bootId ?? heard.bootId);
    if (!this.forwarding.isForwarded(node, { bootId }, this.fleet.current, at)) return;
    if (this.spacing.admits(node, bootId, at)) this.signals.signalHeartbeat(node, { at, bootId });
  }

  /** A node may beat more often than the cluster needs, but not more seldom: its missed heartbeats are counted by the cluster's interval. */
  private nextHeartbeatMs(wantedMs = this.intervalMs): number {
    const intervalMs = Math.min(this.intervalMs, Math.max(SHORTEST_INTERVAL_MS, wantedMs));
    return Math.round(intervalMs * (1 + JITTER * (2 * Math.random() - 1)));
  }
}

function stale({ name }: NodeRecord, seq: number): ProblemError {
  return new ProblemError({ code: 'STALE_HEARTBEAT', detail: `heartbeat ${seq} of node ${name} came after a later one of the same boot`, field: 'seq', hint: 'Go on with a higher seq' });
}
