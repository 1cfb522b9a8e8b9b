import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { HeartbeatRequest, HeartbeatResponse } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { HeartbeatHistory } from '../history/heartbeat-history.js';
import { historyPoint } from '../history/history-point.js';
import { ProblemError } from '../http/problem-error.js';
import type { NodeRecord } from '../record/node-record.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { bootVerdict } from './boot-verdict.js';
import { CopiedIdentities } from './copied-identities.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatForwarding } from './heartbeat-forwarding.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { EARLIER_BOOTS, HeartbeatStore, type EarlierBoot, type LastHeartbeat } from './heartbeat-store.js';
import { KnownNodes, type KnownNode } from './known-nodes.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { standingOf, type NodeStanding } from '../record/node-standing.js';
import { SessionCommands } from '../sessions/session-commands.js';
import { SignalSpacing } from './signal-spacing.js';
import type { LastBeat } from './standing-store.js';

/** Nodes are told an interval up to this much shorter or longer, so that a fleet that started together does not beat together. */
const JITTER = 0.1;
/** No node beats more often than this, in milliseconds, whatever it is configured to: RequestLimits lets twice as many in. */
const SHORTEST_INTERVAL_MS = 1_000;

/** Takes heartbeats: into the record always, on to the node's workflow where it should hear of them. */
@Injectable()
export class HeartbeatService {
  private readonly maxPerSecond: number;
  private readonly forwarding: HeartbeatForwarding;
  private readonly spacing: SignalSpacing;

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly heartbeats: HeartbeatStore,
    private readonly history: HeartbeatHistory,
    private readonly signals: LifecycleSignals,
    private readonly commands: SessionCommands,
    private readonly fleet: FleetSize,
    private readonly pace: HeartbeatPace,
    private readonly copies: CopiedIdentities,
    private readonly quotas: NodeQuotas,
    private readonly known: KnownNodes,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.maxPerSecond = Orchestrator.NodeManager.MaxHeartbeatsPerSecond;
    this.forwarding = new HeartbeatForwarding(Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, pace, fleet);
    this.spacing = new SignalSpacing(Compute.Heartbeat.Interval);
  }

  /**
   * Why no heartbeat is taken at the moment; undefined where one is. Those that were turned away are told to come again as
   * seldom as the control plane can take them, not all at once.
   * @param uid of the node, where it is known already
   */
  refusal(uid?: string): ProblemError | undefined {
    // Not acknowledged what may be lost: the agent comes again.
    if (this.buffer.isStalled) {
      return new ProblemError(
        { code: 'UNAVAILABLE', detail: 'heartbeats cannot be recorded at the moment', hint: 'Try again in a moment' },
        this.comeAgain(),
      );
    }
    if (uid !== undefined && this.buffer.isFullFor(uid)) {
      return new ProblemError(
        {
          code: 'TOO_MANY_REQUESTS',
          detail: 'more heartbeats come than can be written',
          hint: 'Try again in a moment',
        },
        this.comeAgain(),
      );
    }
    return undefined;
  }

  /**
   * @param node the node that the heartbeat is from, as its credential says
   * @param from the address that it came from; null where it is this replica's own
   * @throws ProblemError STALE_HEARTBEAT where a later one of the same boot is known, UNAVAILABLE or TOO_MANY_REQUESTS where it could not be kept
   */
  async receive(node: NodeRecord, request: HeartbeatRequest, from: string | null): Promise<HeartbeatResponse> {
    const at = this.clock.now();
    const refusal = this.refusal(node.uid);
    if (refusal !== undefined) throw refusal;
    const { bootId, seq } = request;
    const last = await this.lastHeartbeat(node.uid, bootId);
    const verdict = bootVerdict(last, { bootId, seq, at });
    if (verdict === 'stale') throw stale(node, seq);
    if (verdict === 'returned' && last !== undefined) await this.copies.flag(node, [bootId, last.bootId], at, from);
    // What is remembered of the node is no longer the last of it.
    this.known.forget(node.uid);
    const response = this.take(standingOf(node), request, at, {
      continuesBoot: verdict === 'next',
      before: last?.lastSeen,
    });
    if (response === undefined) throw stale(node, seq);
    return response;
  }

  /**
   * A heartbeat of a node that this replica knows, that goes on with its boot or begins another: nothing has to be looked up.
   * @returns undefined where it is neither, or is not taken at the moment: {@link receive} says why
   */
  receiveKnown(node: KnownNode, request: HeartbeatRequest): HeartbeatResponse | undefined {
    const { standing, last } = node;
    const { bootId, seq } = request;
    const at = this.clock.now();
    const verdict = bootVerdict(last, { bootId, seq, at });
    if (verdict === 'stale' || verdict === 'returned' || this.refusal(standing.uid) !== undefined) return undefined;
    // Another boot's heartbeat waits: it would not be among the earlier ones if this one took its place.
    if (verdict === 'new boot' && this.buffer.latest(standing.uid) !== undefined) return undefined;
    const response = this.take(standing, request, at, { continuesBoot: verdict === 'next', before: last?.lastSeen });
    if (response !== undefined)
      node.last =
        last?.bootId === bootId
          ? { ...last, seq, lastSeen: at }
          : { bootId, seq, lastSeen: at, earlierBoots: earlierBootsAfter(last, bootId) };
    return response;
  }

  /** @returns undefined where a later one waits to be written already: this one changes nothing */
  private take(
    node: NodeStanding,
    request: HeartbeatRequest,
    at: EpochMs,
    { continuesBoot, before }: { continuesBoot: boolean; before: EpochMs | undefined },
  ): HeartbeatResponse | undefined {
    const { bootId, seq, resources } = request;
    const { intervalMs, isStretched } = this.pace;
    if (
      !this.buffer.add({
        uid: node.uid,
        lastSeen: at,
        bootId,
        seq,
        continuesBoot,
        intervalMs: isStretched ? intervalMs : undefined,
        resources,
      })
    )
      return undefined;
    this.history.add(historyPoint(node, resources, at), before);
    this.tellWorkflow(node, request, at);
    return {
      approval: node.approval,
      availability: node.availability,
      nextHeartbeatMs: nextHeartbeatMs(intervalMs, isStretched ? undefined : request.intervalMs),
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

  private tellWorkflow(node: NodeStanding, heard: HeartbeatRequest, at: EpochMs): void {
    const bootId = this.quotas.bootFor(node, heard.bootId);
    if (!this.forwarding.isForwarded(node, { bootId }, at)) return;
    if (this.spacing.admits(node, bootId, at)) this.signals.signalHeartbeat(node, { at, bootId });
  }

  /** In whole seconds, which is what Retry-After takes. */
  private comeAgain(): Record<string, string> {
    const spreadS = this.fleet.current / this.maxPerSecond;
    return { 'retry-after': String(1 + Math.floor(Math.random() * (1 + spreadS))) };
  }
}

/** A node may beat more often than the cluster needs, but not more seldom: its missed heartbeats are counted by the cluster's interval. */
function nextHeartbeatMs(intervalMs: number, wantedMs = intervalMs): number {
  const nextMs = Math.min(intervalMs, Math.max(SHORTEST_INTERVAL_MS, wantedMs));
  return Math.round(nextMs * (1 + JITTER * (2 * Math.random() - 1)));
}

/** As the record will have them. */
function earlierBootsAfter(last: LastBeat | undefined, bootId: string): EarlierBoot[] {
  if (last === undefined) return [];
  return [{ bootId: last.bootId, seq: last.seq }, ...last.earlierBoots.filter((boot) => boot.bootId !== bootId)].slice(
    0,
    EARLIER_BOOTS,
  );
}

function stale({ name }: NodeRecord, seq: number): ProblemError {
  return new ProblemError({
    code: 'STALE_HEARTBEAT',
    detail: `heartbeat ${seq} of node ${name} came after a later one of the same boot`,
    field: 'seq',
    hint: 'Go on with a higher seq',
  });
}
