import type { LivenessReport } from '../activities/create-activities.js';
import type { GoneAstray, HeardMeanwhile, Projection, ProjectionRefusal } from '../activities/ports.js';
import type { Decision } from '../contract/decision.js';
import type {
  DecisionSignal,
  HeartbeatSignal,
  LifecycleInput,
  LifecycleOutcome,
  LifecycleView,
  OpenSessionUpdate,
  SessionCacheView,
  SessionsReportedSignal,
} from '../contract/lifecycle.js';
import { derivePhase, type Phase } from '../contract/phase.js';
import type { PlacementRefusal } from '../contract/placement.js';
import { SYSTEM, type EpochMs } from '../contract/states.js';
import { News } from './news.js';
import { NodeDrain } from './node-drain.js';
import { NodeLiveness } from './node-liveness.js';
import { NodeSessions } from './node-sessions.js';

/** That the node is to be removed now. */
interface Removal {
  at: EpochMs;
  by: string;
  reason: string;
  /** A decision stands; what was only observed may yet turn out otherwise. */
  because: 'decided' | 'drained' | 'silent';
}

/**
 * A node as its lifecycle knows it. Signals and evidence change it, synchronously and whole; the phases read it and act.
 * Every change that people should see raises `revision` and, where it is worth telling, leaves an event.
 */
export class NodeState {
  readonly sessions: NodeSessions;
  #decision: Decision;
  #liveness: NodeLiveness;
  #drain: NodeDrain;
  #removal: Removal | undefined;
  #news: News;
  /** It is UNKNOWN, and its sessions are not given up yet. */
  #sessionsHeld: boolean;

  /** @param tellsOnlyNews see world.ts */
  constructor(
    private readonly input: LifecycleInput,
    now: EpochMs,
    tellsOnlyNews = (): boolean => true,
  ) {
    const { decision, carried } = input;
    this.#decision = decision;
    this.#liveness = new NodeLiveness(input.policy, carried, now);
    this.#drain = new NodeDrain(carried);
    this.#removal = removalWantedNow(decision);
    this.#news = new News(input.uid, carried?.revision ?? 0, carried?.untold?.events);
    this.#sessionsHeld = carried?.sessionsHeld ?? false;
    this.sessions = new NodeSessions(input, this.#news, tellsOnlyNews);
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
    const { registered, approval, availability } = this.#decision;
    const { lastHeartbeat } = this.#liveness;
    return derivePhase({
      registered,
      removed: this.#removal !== undefined,
      approval: approval.value,
      availability: this.#drain.availability(availability).value,
      heardSinceApproval: lastHeartbeat !== undefined && lastHeartbeat > approval.since,
    });
  }

  get lastHeartbeat(): EpochMs | undefined {
    return this.#liveness.lastHeartbeat;
  }

  /** Silence beyond this moment makes the node less alive than it is; undefined where nothing is awaited. */
  get disconnectDeadline(): EpochMs | undefined {
    return this.#sessionsHeld ? this.#liveness.lossDeadline : this.#liveness.deadline;
  }

  /** It was not heard for as long as makes it less than HEALTHY. */
  get isSilent(): boolean {
    return this.#liveness.condition.value !== 'HEALTHY';
  }

  /** A mass silence speaks for it: its silence has no consequence that cannot be undone. */
  isHeld(now: EpochMs): boolean {
    return this.isSilent && this.#liveness.isHeld && now < (this.#liveness.lossDeadline ?? 0);
  }

  /** Some of its silence was within a mass silence, whose end it may not have learnt of. */
  get mayBeHeld(): boolean {
    return this.isSilent && this.#liveness.isHeld;
  }

  /** When the current drain's deadline was acted upon; undefined where it was not. */
  get drainDeadlinePassedAt(): EpochMs | undefined {
    return this.#drain.deadlinePassedAt(this.#decision.availability);
  }

  /** What was heard of it is so long ago that it does not say that the node is alive. */
  get wasHeardTooLongAgo(): boolean {
    return this.lastHeartbeat !== undefined && this.#liveness.condition.value === 'UNKNOWN';
  }

  /** Something has changed that MongoDB has not been told. */
  get hasNews(): boolean {
    return this.#news.pending;
  }

  /** Applies a decision later than the one in force; any other, and another incarnation's, changes nothing. */
  obey(signal: DecisionSignal): void {
    const { uid, decision, again } = signal;
    if (uid !== this.uid) return;
    if (decision.seq <= this.#decision.seq) {
      // Whoever says it again goes by another history, or by an earlier state of this one.
      if (again && !this.hasNews) this.#news.change();
      return;
    }
    this.#decision = decision;
    this.#removal = removalWantedNow(decision);
    // A removal that was scheduled and not carried out is overruled: nobody is to be told of it. This is news besides.
    this.#news.withdraw('NodeRemoved');
  }

  /** Takes note of a heartbeat. */
  hear(signal: HeartbeatSignal, now: EpochMs): void {
    if (signal.uid === this.uid) this.#heard(signal.at, signal.bootId, now);
  }

  /** Takes note of a heartbeat that the record holds, and that nobody has signalled. */
  hearFromRecord({ at, bootId }: HeardMeanwhile['heartbeat'], now: EpochMs): void {
    this.#heard(at, bootId, now);
  }

  /** Adopts the sessions that the node says it has, and drops those that it does not. */
  adoptSessions(report: SessionsReportedSignal, now: EpochMs): void {
    if (report.uid !== this.uid || report.at < (this.sessions.reportedAt ?? 0)) return;
    this.#heard(report.at, report.bootId, now);
    // What is too old to prove the node alive proves nothing about its sessions: a lost node's are LOST.
    if (this.#liveness.condition.value === 'UNKNOWN') return;
    this.sessions.adopt(report.sessions, report.ended ?? [], report.at);
    const { value: availability } = this.#drain.availability(this.#decision.availability);
    if (availability === 'DRAINED' && report.sessions.length > 0) this.#sessionsFound();
  }

  /** Why the node does not take this session; undefined where it does, or has it already. */
  whyNotOpen(update: OpenSessionUpdate): PlacementRefusal | undefined {
    if (update.uid !== this.uid) return 'WRONG_INCARNATION';
    if (this.sessions.has(update.session.id)) return undefined;
    if (this.phase !== 'ACTIVE') return 'NOT_ACTIVE';
    if (this.#liveness.condition.value !== 'HEALTHY') return 'NOT_HEALTHY';
    return this.sessions.whyNoRoom(update);
  }

  /**
   * Judges the node by fresh evidence: alive if it was heard meanwhile, one step less alive for each deadline that its
   * silence has passed.
   * @returns milliseconds in which another look would be of no use.
   */
  weigh(report: LivenessReport, now: EpochMs): number {
    // Of a node that is no more there is no heartbeat, and its silence means nothing.
    if (report.isGone) return report.minimumLookIntervalMs;
    if (report.lastHeartbeat !== undefined) this.#heard(report.lastHeartbeat, report.bootId, now);
    this.#liveness.learn(report.policy, report.lastHeartbeat, report.blindMs, report.heldMs ?? 0);
    while (!this.#removal && report.now >= (this.disconnectDeadline ?? Infinity)) this.#decline(now);
    const { disconnectDeadline } = this;
    // A deadline that has passed by our clock and not by theirs: wait until it has by both. One that lies ahead of both
    // needs no look either, but a heartbeat may yet bring it forward.
    const aheadMs = disconnectDeadline !== undefined && disconnectDeadline <= now ? disconnectDeadline - report.now : 0;
    return Math.max(aheadMs, report.minimumLookIntervalMs);
  }

  /** The drain that is under way is done. */
  markDrained(now: EpochMs): void {
    this.#drain.finish(this.#decision.availability, now);
    this.#news.tell('NodeDrained', 'no session is left', now);
  }

  /** The current drain's deadline has passed, and `consequence` follows. */
  passDrainDeadline(now: EpochMs, consequence: string): void {
    this.#drain.passDeadline(this.#decision.availability, now);
    this.#news.tell('DrainDeadlinePassed', consequence, now);
  }

  /** The node is to be removed because decommission or RemoveAfter wants it so. */
  scheduleRemoval(because: 'drained' | 'silent', by: string, reason: string, now: EpochMs): void {
    this.#removal = { at: now, by, reason, because };
    this.#news.tell('NodeRemoved', reason, now, by);
  }

  /** Something later stands against the removal. */
  withdrawRemoval(): void {
    this.#removal = undefined;
    this.#news.withdraw('NodeRemoved');
  }

  /** The node is removed, whatever has come since. */
  conclude(removal: Removal): void {
    this.#removal = removal;
  }

  /** That the node is to be removed now. */
  get removal(): Removal | undefined {
    return this.#removal;
  }

  get view(): LifecycleView {
    const { approval, availability } = this.#decision;
    const drain = this.#drain.view(this.#decision, this.sessions.ids);
    return {
      nodeId: this.input.nodeId,
      uid: this.uid,
      seq: this.#decision.seq,
      ...(this.#decision.id !== undefined && { decisionId: this.#decision.id }),
      revision: this.#news.revision,
      phase: this.phase,
      approval: { value: approval.value, since: approval.since, reason: approval.reason, by: approval.by },
      availability: this.#drain.availability(availability),
      ...this.#liveness.view,
      drainedSeq: this.#drain.doneSeq,
      ...(drain && { drain }),
      activeSessions: this.sessions.all.length,
      ...(this.#sessionsHeld && { sessionsHeld: true as const }),
      reserved: this.sessions.reserved,
    };
  }

  get sessionCache(): SessionCacheView {
    const { all, reportedAt } = this.sessions;
    return { sessions: all, ...(reportedAt !== undefined && { reportedAt }) };
  }

  /** What people are to be told now. */
  get projection(): Projection {
    return { view: this.view, sessionChanges: this.sessions.changes, events: this.#news.events };
  }

  /**
   * What came of wanting to tell people of `projection`: they were told, and what came after it remains news; or the record
   * knows better, and all of it does.
   */
  learnFrom(refusal: Exclude<ProjectionRefusal, GoneAstray> | undefined, projection: Projection, now: EpochMs): void {
    switch (refusal?.is) {
      case 'alive':
        return this.hearFromRecord(refusal.heartbeat, now);
      case 'removed':
        return this.conclude({ ...refusal, because: 'decided' });
      default:
        this.#news.told(projection.view.revision, projection.events);
        this.sessions.told(projection.sessionChanges);
    }
  }

  /** The input of the next run: plain data that loses nothing. */
  carry(): LifecycleInput {
    const { untold, ...sessions } = this.sessions.carry();
    return {
      ...this.input,
      decision: this.#decision,
      policy: this.#liveness.currentPolicy,
      carried: {
        revision: this.#news.revision,
        ...this.#liveness.carry(),
        ...(this.#sessionsHeld && { sessionsHeld: true as const }),
        ...this.#drain.carry(),
        ...sessions,
        untold: { ...untold, events: this.#news.events },
      },
    };
  }

  /** How the life ended, once the phase is REMOVED. */
  outcome(now: EpochMs): LifecycleOutcome {
    const { at, by, reason } = this.#removal ?? { at: now, by: SYSTEM, reason: '' };
    return { nodeId: this.input.nodeId, uid: this.uid, removedAt: at, by, reason };
  }

  #heard(at: EpochMs, bootId: string | undefined, now: EpochMs): void {
    const phaseBefore = this.phase;
    const heardBefore = this.lastHeartbeat;
    const agent = `agent:${this.input.nodeId}`;
    for (const { type, reason } of this.#liveness.hear(at, bootId, now)) {
      this.#news.tell(type, reason, now, type === 'NodeRestarted' ? agent : SYSTEM);
      if (type !== 'NodeHealthy') continue;
      this.#sessionsHeld = false;
      this.#takeBackSessions();
    }
    // A silence that is over removes nobody; one that goes on is judged anew.
    if (this.lastHeartbeat !== heardBefore && this.#removal?.because === 'silent') this.withdrawRemoval();
    if (phaseBefore === 'WAITING' && this.phase === 'ACTIVE') {
      this.#news.tell('FirstHeartbeat', 'first heartbeat since its approval', now, agent);
    }
  }

  /** A drain that was done is not: unless its sessions were given up already, which they stay until it is activated. */
  #sessionsFound(): void {
    if (this.#drain.isTerminating(this.#decision.availability)) this.sessions.release(this.sessions.ids);
    else this.#reopenDrain();
  }

  /** What was given up for a silence that nobody was told of was never lost. */
  #takeBackSessions(): void {
    if (this.sessions.takeBack()) this.#reopenDrain();
  }

  #reopenDrain(): void {
    this.#drain.reopen();
    this.#news.withdraw('NodeDrained');
    if (this.#removal?.because === 'drained') this.withdrawRemoval();
  }

  #decline(now: EpochMs): void {
    if (this.#sessionsHeld) return this.#loseSessions(now);
    if (this.#liveness.condition.value === 'UNKNOWN') {
      this.scheduleRemoval('silent', SYSTEM, `silent for RemoveAfter, ${this.#liveness.lastHeard}`, now);
      return;
    }
    const { type, reason } = this.#liveness.decline(now);
    this.#news.tell(type, reason, now);
    if (type !== 'NodeUnknown') return;
    // Nobody could give them back: they are kept until no mass silence speaks for the node.
    if (this.#liveness.isHeld && this.sessions.all.length > 0) this.#sessionsHeld = true;
    else this.#loseSessions(now);
  }

  #loseSessions(now: EpochMs): void {
    if (this.#sessionsHeld) this.#news.change();
    this.#sessionsHeld = false;
    this.sessions.loseAll(now);
  }
}

function removalWantedNow({ removal }: Decision): Removal | undefined {
  return removal?.when === 'now' ? { at: removal.since, by: removal.by, reason: removal.reason, because: 'decided' } : undefined;
}
