import type { LivenessReport } from '../activities/create-activities.js';
import type { Projection } from '../activities/ports.js';
import { availabilityOf, type Decision } from '../contract/decision.js';
import type {
  DecisionSignal,
  DrainView,
  HeartbeatSignal,
  LifecycleInput,
  LifecycleOutcome,
  LifecycleView,
  SessionCacheView,
  SessionsReportedSignal,
} from '../contract/lifecycle.js';
import { derivePhase, type Phase } from '../contract/phase.js';
import type { CachedSession } from '../contract/sessions.js';
import { SYSTEM, type Condition, type EpochMs } from '../contract/states.js';
import { News } from './news.js';
import { NodeLiveness } from './node-liveness.js';

/** A moment that belongs to one drain, named by the seq of its ruling. */
interface DrainMoment {
  seq: number;
  at: EpochMs;
}

/**
 * A node as its lifecycle knows it. Signals and evidence change it, synchronously and whole; the phases read it and act.
 * Every change that people should see raises `revision` and, where it is worth telling, leaves an event.
 */
export class NodeState {
  #decision: Decision;
  #liveness: NodeLiveness;
  #sessions: CachedSession[];
  #sessionsReportedAt: EpochMs | undefined;
  #drained: DrainMoment | undefined;
  #deadlinePassed: DrainMoment | undefined;
  #removal: { at: EpochMs; by: string; reason: string } | undefined;
  #news: News;

  constructor(private readonly input: LifecycleInput, now: EpochMs) {
    const { decision, carried } = input;
    this.#decision = decision;
    this.#liveness = new NodeLiveness(input.policy, carried, now);
    this.#sessions = carried?.sessions ?? [];
    this.#sessionsReportedAt = carried?.sessionsReportedAt;
    this.#drained = carried?.drainedAt === undefined ? undefined : { seq: carried.drainedSeq, at: carried.drainedAt };
    this.#deadlinePassed = carried?.deadlinePassed;
    this.#removal = removalWantedNow(decision);
    this.#news = new News(input.uid, carried?.revision ?? 0);
  }

  get uid(): string {
    return this.input.uid;
  }

  get terminationGraceMs(): number {
    return this.input.terminationGraceMs;
  }

  get decision(): Decision {
    return this.#decision;
  }

  get phase(): Phase {
    const { registered, approval } = this.#decision;
    const { lastHeartbeat } = this.#liveness;
    return derivePhase({
      registered,
      removed: this.#removal !== undefined,
      approval: approval.value,
      availability: this.#availability.value,
      heardSinceApproval: lastHeartbeat !== undefined && lastHeartbeat > approval.since,
    });
  }

  get sessionIds(): string[] {
    return this.#sessions.map(({ id }) => id);
  }

  /** Silence beyond this moment makes the node less alive than it is; undefined where nothing is awaited. */
  get disconnectDeadline(): EpochMs | undefined {
    return this.#liveness.deadline;
  }

  /** When the current drain's deadline was acted upon; undefined where it was not. */
  get drainDeadlinePassedAt(): EpochMs | undefined {
    return this.#deadlinePassed?.seq === this.#decision.availability.seq ? this.#deadlinePassed.at : undefined;
  }

  /** Something has changed that MongoDB has not been told. */
  get hasNews(): boolean {
    return this.#news.pending;
  }

  /** Applies a decision later than the one in force; any other, and another incarnation's, changes nothing. */
  obey(signal: DecisionSignal): void {
    const { uid, decision } = signal;
    if (uid !== this.uid || decision.seq <= this.#decision.seq) return;
    this.#decision = decision;
    this.#removal = removalWantedNow(decision);
    this.#news.change();
  }

  /** Takes note of a heartbeat. */
  hear(signal: HeartbeatSignal, now: EpochMs): void {
    if (signal.uid === this.uid) this.#heard(signal.at, signal.bootId, now);
  }

  /** Adopts the sessions that the node says it has, and drops those that it does not. */
  adoptSessions(report: SessionsReportedSignal, now: EpochMs): void {
    if (report.uid !== this.uid || report.at < (this.#sessionsReportedAt ?? 0)) return;
    this.#heard(report.at, report.bootId, now);
    this.#sessions = report.sessions;
    this.#sessionsReportedAt = report.at;
    this.#news.change();
  }

  /**
   * Judges the node by fresh evidence: alive if it was heard meanwhile, one step less alive for each deadline that its
   * silence has passed.
   * @returns milliseconds until the next look is due, undefined where none is.
   */
  weigh(report: LivenessReport, now: EpochMs): number | undefined {
    if (report.lastHeartbeat !== undefined) this.#heard(report.lastHeartbeat, report.bootId, now);
    this.#liveness.learn(report.policy, report.lastHeartbeat, report.blindMs);
    while (!this.#removal && report.now >= (this.disconnectDeadline ?? Infinity)) this.#decline(now);
    if (this.disconnectDeadline === undefined) return undefined;
    return Math.max(this.disconnectDeadline - report.now, report.minimumLookIntervalMs);
  }

  /** The drain that is under way is done. */
  markDrained(now: EpochMs): void {
    this.#drained = { seq: this.#decision.availability.seq, at: now };
    this.#news.tell('NodeDrained', 'no session is left', now);
  }

  /** The current drain's deadline has passed, and `consequence` follows. */
  passDrainDeadline(now: EpochMs, consequence: string): void {
    this.#deadlinePassed = { seq: this.#decision.availability.seq, at: now };
    this.#news.tell('DrainDeadlinePassed', consequence, now);
  }

  /** Forgets the sessions: they were told to end, or nobody can say what became of them. */
  dropSessions(as: 'SessionsTerminated' | 'SessionsLost', reason: string, now: EpochMs): void {
    const ids = this.sessionIds;
    if (ids.length === 0) return;
    this.#sessions = [];
    this.#news.tell(as, `${reason}: ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`, now);
  }

  /** The node is to be removed because decommission or RemoveAfter wants it so. */
  scheduleRemoval(by: string, reason: string, now: EpochMs): void {
    this.#removal = { at: now, by, reason };
    this.#news.tell('NodeRemoved', reason, now, by);
  }

  /** A later decision stands against the removal. */
  withdrawRemoval(): void {
    this.#removal = undefined;
    this.#news.withdraw('NodeRemoved');
  }

  get view(): LifecycleView {
    const { approval } = this.#decision;
    const drain = this.#drain;
    return {
      nodeId: this.input.nodeId,
      uid: this.uid,
      seq: this.#decision.seq,
      revision: this.#news.revision,
      phase: this.phase,
      approval: { value: approval.value, since: approval.since, reason: approval.reason, by: approval.by },
      availability: this.#availability,
      ...this.#liveness.view,
      drainedSeq: this.#drained?.seq ?? 0,
      ...(drain && { drain }),
      activeSessions: this.#sessions.length,
    };
  }

  get sessionCache(): SessionCacheView {
    return {
      sessions: this.#sessions,
      ...(this.#sessionsReportedAt !== undefined && { reportedAt: this.#sessionsReportedAt }),
    };
  }

  /** What people are to be told now. */
  get projection(): Projection {
    const { sessions, reportedAt } = this.sessionCache;
    return { view: this.view, sessions, ...(reportedAt !== undefined && { sessionsReportedAt: reportedAt }), events: this.#news.events };
  }

  /** People have been told of `projection`; what came after it remains news. */
  markProjected(projection: Projection): void {
    this.#news.told(projection.view.revision, projection.events);
  }

  /** The input of the next run: plain data that loses nothing. */
  carry(): LifecycleInput {
    const { sessions, reportedAt } = this.sessionCache;
    return {
      ...this.input,
      decision: this.#decision,
      policy: this.#liveness.currentPolicy,
      carried: {
        revision: this.#news.revision,
        ...this.#liveness.carry(),
        drainedSeq: this.#drained?.seq ?? 0,
        ...(this.#drained && { drainedAt: this.#drained.at }),
        ...(this.#deadlinePassed && { deadlinePassed: this.#deadlinePassed }),
        sessions,
        ...(reportedAt !== undefined && { sessionsReportedAt: reportedAt }),
      },
    };
  }

  /** How the life ended, once the phase is REMOVED. */
  outcome(now: EpochMs): LifecycleOutcome {
    const { at, by, reason } = this.#removal ?? { at: now, by: SYSTEM, reason: '' };
    return { nodeId: this.input.nodeId, uid: this.uid, removedAt: at, by, reason };
  }

  get #availability(): Condition<'ACTIVE' | 'DRAINING' | 'DRAINED'> {
    const { availability } = this.#decision;
    const value = availabilityOf(availability, this.#drained?.seq ?? 0);
    const since = value === 'DRAINED' ? this.#drained?.at : undefined;
    return { value, since: since ?? availability.since, reason: availability.reason, by: availability.by };
  }

  get #drain(): DrainView | undefined {
    const { availability, removal } = this.#decision;
    if (availability.value === 'ACTIVE') return undefined;
    const { since, by, reason, deadline, onDeadline } = availability;
    return {
      ...{ since, by, reason, onDeadline },
      ...(deadline !== undefined && { deadline }),
      terminating: onDeadline === 'terminate' && this.drainDeadlinePassedAt !== undefined,
      thenRemove: removal?.when === 'drained',
      remaining: this.sessionIds,
    };
  }

  #heard(at: EpochMs, bootId: string | undefined, now: EpochMs): void {
    const phaseBefore = this.phase;
    const agent = `agent:${this.input.nodeId}`;
    for (const { type, reason } of this.#liveness.hear(at, bootId, now)) {
      this.#news.tell(type, reason, now, type === 'NodeRestarted' ? agent : SYSTEM);
    }
    if (phaseBefore === 'WAITING' && this.phase === 'ACTIVE') {
      this.#news.tell('FirstHeartbeat', 'first heartbeat since its approval', now, agent);
    }
  }

  #decline(now: EpochMs): void {
    if (this.#liveness.condition.value === 'UNKNOWN') {
      this.scheduleRemoval(SYSTEM, `silent for RemoveAfter, ${this.#liveness.lastHeard}`, now);
      return;
    }
    const { type, reason } = this.#liveness.decline(now);
    this.#news.tell(type, reason, now);
    if (type === 'NodeUnknown') this.dropSessions('SessionsLost', 'their node is lost', now);
  }
}

function removalWantedNow({ removal }: Decision): { at: EpochMs; by: string; reason: string } | undefined {
  return removal?.when === 'now' ? { at: removal.since, by: removal.by, reason: removal.reason } : undefined;
}
