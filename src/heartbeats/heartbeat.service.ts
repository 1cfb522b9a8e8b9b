import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { HeartbeatRequest, HeartbeatResponse } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { HeartbeatHistory } from '../history/heartbeat-history.js';
import { historyPoint } from '../history/history-point.js';
import { InjectConfig } from '../process/config.js';
import { ProblemError } from '../http/problem-error.js';
import type { NodeRecord } from '../record/node-record.js';
import { bootVerdict, type BootVerdict } from './boot-verdict.js';
import { ReportedConditions } from './reported-conditions.js';
import { CopiedIdentities } from './copied-identities.js';
import { HeartbeatAdmission } from './heartbeat-admission.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { HeartbeatSignals } from './heartbeat-signals.js';
import { EARLIER_BOOTS } from './heartbeat-store.js';
import { KnownNodes, type KnownNode } from './known-nodes.js';
import { summaryOf, type NodeSummary } from '../record/node-summary.js';
import { SessionCommands } from '../sessions/session-commands.js';
import type { LastBeat } from './standing-store.js';

/** Fraction by which intervals vary, so that a fleet that started together does not beat together. */
const JITTER = 0.1;
/** Minimum interval, in milliseconds, whatever is configured: RequestLimits admits twice that rate. */
const SHORTEST_INTERVAL_MS = 1_000;

/** Verdict on a heartbeat, and the action that accepts it. */
interface Judgement {
  verdict: BootVerdict;
  /** @returns undefined where the heartbeat changes nothing: it is stale, or a later one waits to be written */
  take: () => HeartbeatResponse | undefined;
}

/** Accepts heartbeats: records them, and signals the node's workflow where that is needed. */
@Injectable()
export class HeartbeatService {
  private readonly updates: boolean;

  constructor(
    private readonly admission: HeartbeatAdmission,
    private readonly buffer: HeartbeatBuffer,
    private readonly history: HeartbeatHistory,
    private readonly signals: HeartbeatSignals,
    private readonly commands: SessionCommands,
    private readonly pace: HeartbeatPace,
    private readonly copies: CopiedIdentities,
    private readonly conditions: ReportedConditions,
    private readonly known: KnownNodes,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.updates = Orchestrator.AgentUpdates.Enabled;
  }

  /**
   * @param node the sender, by its credential
   * @param from the sender's address; null where it is this replica itself
   * @throws ProblemError STALE_HEARTBEAT where a later one of the same boot is known, UNAVAILABLE or TOO_MANY_REQUESTS where it cannot be recorded
   */
  async receive(node: NodeRecord, request: HeartbeatRequest, from: string | null): Promise<HeartbeatResponse> {
    const at = this.clock.now();
    const refusal = this.admission.refusal(node.uid);
    if (refusal !== undefined) throw refusal;
    const last = await this.buffer.last(node.uid, request.bootId);
    const { verdict, take } = this.judge(summaryOf(node), last, request, at);
    if (verdict === 'returned' && last !== undefined) await this.copies.flag(node, request.bootId, last, at, from);
    const response = take();
    if (response === undefined) throw stale(node, request.seq);
    // The remembered last heartbeat is outdated now.
    this.known.forget(node.uid);
    const { conditions } = request;
    if (conditions === undefined) return response;
    const conditionsKept = await this.conditions.keep(node, { ...request, conditions }, at, from);
    return { ...response, conditionsKept };
  }

  /**
   * Accepts a heartbeat of a known node that continues its boot or begins another, without a look-up.
   * @returns undefined for any other heartbeat, or while none is accepted: {@link receive} says why
   */
  receiveKnown(node: KnownNode, request: HeartbeatRequest): HeartbeatResponse | undefined {
    const { summary, last } = node;
    const at = this.clock.now();
    if (!this.admission.takes(summary.uid)) return undefined;
    const { verdict, take } = this.judge(summary, last, request, at);
    if (verdict === 'returned') return undefined;
    // Replacing a waiting heartbeat of another boot would lose that boot from the earlier ones.
    if (verdict === 'new boot' && this.buffer.latest(summary.uid) !== undefined) return undefined;
    const response = take();
    if (response !== undefined) node.last = lastAfter(last, request, at);
    return response;
  }

  /** Judges a heartbeat, without side effects: callers may have to act before it is accepted. */
  private judge(node: NodeSummary, last: LastBeat | undefined, request: HeartbeatRequest, at: EpochMs): Judgement {
    const verdict = bootVerdict(last, { bootId: request.bootId, seq: request.seq, at });
    const take = () =>
      verdict === 'stale'
        ? undefined
        : this.take(node, request, at, { continuesBoot: verdict === 'next', before: last?.lastSeen });
    return { verdict, take };
  }

  /** @returns undefined where a later one waits to be written already, so that this one changes nothing */
  private take(
    node: NodeSummary,
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
    this.signals.tell(node, request, at);
    return {
      approval: node.approval,
      availability: node.availability,
      nextHeartbeatMs: nextHeartbeatMs(intervalMs, isStretched ? undefined : request.intervalMs),
      commands: this.commands.waitFor(node.uid),
      ...(this.updates && node.agentWish && { update: node.agentWish }),
    };
  }
}

/** The next interval. A node may ask for a shorter one than the cluster's, but not for a longer: missed heartbeats are counted by the cluster's. */
function nextHeartbeatMs(intervalMs: number, wantedMs = intervalMs): number {
  const nextMs = Math.min(intervalMs, Math.max(SHORTEST_INTERVAL_MS, wantedMs));
  return Math.round(nextMs * (1 + JITTER * (2 * Math.random() - 1)));
}

/** The node's last heartbeat after this one is accepted, as the record will have it. */
function lastAfter(last: LastBeat | undefined, { bootId, seq }: HeartbeatRequest, lastSeen: EpochMs): LastBeat {
  if (last?.bootId === bootId) return { ...last, seq, lastSeen };
  const before = last === undefined ? [] : [{ bootId: last.bootId, seq: last.seq }, ...last.earlierBoots];
  const earlierBoots = before.filter((boot) => boot.bootId !== bootId).slice(0, EARLIER_BOOTS);
  return { bootId, seq, lastSeen, earlierBoots };
}

function stale({ name }: NodeRecord, seq: number): ProblemError {
  return new ProblemError({
    code: 'STALE_HEARTBEAT',
    detail: `heartbeat ${seq} of node ${name} came after a later one of the same boot`,
    field: 'seq',
    hint: 'Go on with a higher seq',
  });
}
