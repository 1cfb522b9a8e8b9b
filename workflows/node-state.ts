import type { LivenessReport } from '../activities/create-activities.js';
import type {
  FitnessLook,
  GoneAstray,
  HeardMeanwhile,
  PlanLook,
  Projection,
  ProjectionRefusal,
} from '../activities/ports.js';
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
import { lifecycleView } from './lifecycle-view.js';
import { NodeDrain } from './node-drain.js';
import { NodeFitness } from './node-fitness.js';
import { NodeLiveness } from './node-liveness.js';
import { NodePlans } from './node-plans.js';
import { NodeRemoval } from './node-removal.js';
import { NodeSessions } from './node-sessions.js';
import { Unprojected } from './unprojected.js';

/**
 * The state of a node's lifecycle. Signals and evidence change it synchronously; the phases read it and act. Every visible change raises
 * `revision` and, where it matters to people, adds an event.
 */
export class NodeState {
  readonly liveness: NodeLiveness;
  readonly sessions: NodeSessions;
  readonly removal: NodeRemoval;
  readonly fitness: NodeFitness;
  readonly plans = new NodePlans();
  #decision: Decision;
  #drain: NodeDrain;
  #unprojected: Unprojected;
  #repetitions = 0;

  /** @param projectsOnlyChanges see side-effects.ts */
  constructor(
    private readonly input: LifecycleInput,
    now: EpochMs,
    projectsOnlyChanges = (): boolean => true,
  ) {
    const { decision, carried } = input;
    this.#decision = decision;
    this.liveness = new NodeLiveness(input.policy, carried, now, input.removeAfterMs);
    this.#drain = new NodeDrain(carried);
    this.#unprojected = new Unprojected(input.uid, carried?.revision ?? 0, carried?.untold?.events);
    this.fitness = new NodeFitness(carried, this.#unprojected);
    this.removal = new NodeRemoval(decision, this.#unprojected);
    this.sessions = new NodeSessions(input, this.#unprojected, projectsOnlyChanges);
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
    const { lastHeartbeat } = this.liveness;
    return derivePhase({
      registered,
      removed: this.removal.due !== undefined,
      approval: approval.value,
      availability: this.#drain.availability(availability).value,
      heardSinceApproval: lastHeartbeat !== undefined && lastHeartbeat > approval.since,
    });
  }

  /** Silence beyond this time lowers liveness by one step; undefined if nothing is awaited. */
  get disconnectDeadline(): EpochMs | undefined {
    return this.sessions.isHeld ? this.liveness.lossDeadline : this.liveness.deadline;
  }

  /** When the current drain's deadline took effect; undefined if it has not. */
  get drainDeadlinePassedAt(): EpochMs | undefined {
    return this.#drain.deadlinePassedAt(this.#decision.availability);
  }

  /** When to look at its conditions; undefined while it is silent, when they cannot change. */
  get fitnessLookAt(): EpochMs | undefined {
    return this.liveness.isSilent ? undefined : this.fitness.lookAt;
  }

  /** When to look at its planned deactivation; undefined where nothing is planned. */
  planLookAt(now: EpochMs): EpochMs | undefined {
    return this.removal.due ? undefined : this.plans.lookAt(this.#decision, now);
  }

  /** How often this run was told again a decision that it knew. */
  get repetitions(): number {
    return this.#repetitions;
  }

  /** Whether there are changes that are not projected yet. */
  get hasUnprojected(): boolean {
    return this.#unprojected.pending;
  }

  /** Applies a decision if it is later than the one in force and for this incarnation. */
  obey(signal: DecisionSignal): void {
    const { uid, decision, again } = signal;
    if (uid !== this.uid) return;
    if (decision.seq <= this.#decision.seq) {
      // A repetition comes from a diverged record, or from one that is behind.
      if (again) this.#repetitions += 1;
      if (again && !this.hasUnprojected) this.#unprojected.change();
      return;
    }
    this.#decision = decision;
    this.removal.decide(decision);
  }

  /** Applies a heartbeat. */
  hear(signal: HeartbeatSignal, now: EpochMs): void {
    if (signal.uid === this.uid) this.#heard(signal.at, signal.bootId, now);
  }

  /** Applies a recorded heartbeat that was not signalled. */
  hearFromRecord({ at, bootId }: HeardMeanwhile['heartbeat'], now: EpochMs): void {
    this.#heard(at, bootId, now);
  }

  /** Adopts the node's report of its sessions. */
  adoptSessions(report: SessionsReportedSignal, now: EpochMs): void {
    if (report.uid !== this.uid || report.at < (this.sessions.reportedAt ?? 0)) return;
    this.#heard(report.at, report.bootId, now);
    // A report too old to prove that the node is alive proves nothing about its sessions.
    if (this.liveness.condition.value === 'UNKNOWN') return;
    this.sessions.adopt(report.sessions, report.ended ?? [], report.at);
    const { value: availability } = this.#drain.availability(this.#decision.availability);
    if (availability === 'DRAINED' && report.sessions.length > 0) this.#sessionsFound();
  }

  /** Why the node does not take this session; undefined where it does, or has it already. */
  whyNotOpen(update: OpenSessionUpdate): PlacementRefusal | undefined {
    if (update.uid !== this.uid) return 'WRONG_INCARNATION';
    if (this.sessions.has(update.session.id)) return undefined;
    if (this.phase !== 'ACTIVE' || this.#decision.availability.noNewSessions) return 'NOT_ACTIVE';
    if (this.liveness.isSilent) return 'NOT_HEALTHY';
    return this.sessions.whyNoRoom(update);
  }

  /**
   * Judges the node by fresh evidence: HEALTHY if it was heard, one step lower for each deadline that passed.
   * @returns milliseconds during which another look is pointless.
   */
  weigh(report: LivenessReport, now: EpochMs): number {
    // A removed node sends no heartbeats: its silence means nothing.
    if (report.isGone) return report.minimumLookIntervalMs;
    if (report.lastHeartbeat !== undefined) this.#heard(report.lastHeartbeat, report.bootId, now);
    this.liveness.learn(report.policy, report.lastHeartbeat, report.blindMs, report.heldMs ?? 0);
    while (!this.removal.due && report.now >= (this.disconnectDeadline ?? Infinity)) this.#decline(now);
    const { disconnectDeadline } = this;
    // Where the deadline has passed by our clock but not by the evidence's, wait until it has passed by both. One ahead of
    // both gives no minimum: a heartbeat may yet bring it forward.
    const aheadMs = disconnectDeadline !== undefined && disconnectDeadline <= now ? disconnectDeadline - report.now : 0;
    return Math.max(aheadMs, report.minimumLookIntervalMs);
  }

  /** Applies a look at its conditions. @param changes see {@link NodeFitness.changes} */
  learnFitness(look: FitnessLook | undefined, changes: number, now: EpochMs): void {
    this.fitness.learn(look, changes, now);
    this.#obeyLook(look);
  }

  /** Applies a look at its planned deactivation. @param by the decision that the look was about */
  learnPlan(look: PlanLook | undefined, by: Decision, now: EpochMs): void {
    this.plans.learn(by, look, now);
    this.#obeyLook(look);
  }

  /** The current drain is done. */
  markDrained(now: EpochMs): void {
    this.#drain.finish(this.#decision.availability, now);
    this.#unprojected.tell('NodeDrained', 'no session is left', now);
  }

  /** The current drain's deadline has passed, and `consequence` follows. */
  passDrainDeadline(now: EpochMs, consequence: string): void {
    this.#drain.passDeadline(this.#decision.availability, now);
    this.#unprojected.tell('DrainDeadlinePassed', consequence, now);
  }

  get view(): LifecycleView {
    return lifecycleView(this, this.#drain, this.input.nodeId, this.#unprojected.revision);
  }

  get sessionCache(): SessionCacheView {
    const { all, reportedAt } = this.sessions;
    return { sessions: all, ...(reportedAt !== undefined && { reportedAt }) };
  }

  /** The projection that is due now. */
  get projection(): Projection {
    return { view: this.view, sessionChanges: this.sessions.changes, events: this.#unprojected.events };
  }

  /**
   * Applies the outcome of writing `projection`: it was written, and later changes remain; or the record refused it, and all changes remain.
   */
  learnFrom(refusal: Exclude<ProjectionRefusal, GoneAstray> | undefined, projection: Projection, now: EpochMs): void {
    switch (refusal?.is) {
      case 'alive':
        return this.hearFromRecord(refusal.heartbeat, now);
      case 'removed':
        return this.removal.conclude({ ...refusal, because: 'decided' });
      default:
        this.#unprojected.told(projection.view.revision, projection.events);
        this.sessions.told(projection.sessionChanges);
    }
  }

  /** The input of the next run, as plain data. */
  carry(): LifecycleInput {
    const { untold, ...sessions } = this.sessions.carry();
    return {
      ...this.input,
      decision: this.#decision,
      policy: this.liveness.currentPolicy,
      carried: {
        revision: this.#unprojected.revision,
        ...this.liveness.carry(),
        ...this.#drain.carry(),
        ...this.fitness.carry(),
        ...sessions,
        untold: { ...untold, events: this.#unprojected.events },
      },
    };
  }

  /** How the life ended, once the phase is REMOVED. */
  outcome(now: EpochMs): LifecycleOutcome {
    const { at, by, reason } = this.removal.due ?? { at: now, by: SYSTEM, reason: '' };
    return { nodeId: this.input.nodeId, uid: this.uid, removedAt: at, by, reason };
  }

  #obeyLook(look: PlanLook | undefined): void {
    if (look?.decision) this.obey({ uid: this.uid, action: look.decision.action, decision: look.decision });
  }

  #heard(at: EpochMs, bootId: string | undefined, now: EpochMs): void {
    const phaseBefore = this.phase;
    const heardBefore = this.liveness.lastHeartbeat;
    const agent = `agent:${this.input.nodeId}`;
    for (const { type, reason } of this.liveness.hear(at, bootId, now)) {
      this.#unprojected.tell(type, reason, now, type === 'NodeRestarted' ? agent : SYSTEM);
      if (type === 'NodeHealthy' && this.sessions.takeBack()) this.#reopenDrain();
    }
    // A silence that has ended removes no node; one that continues is judged again.
    if (this.liveness.lastHeartbeat !== heardBefore) this.removal.withdrawIf('silent');
    if (phaseBefore === 'WAITING' && this.phase === 'ACTIVE') {
      this.#unprojected.tell('FirstHeartbeat', 'first heartbeat since its approval', now, agent);
    }
  }

  /** Reopens a finished drain, unless its sessions were given up: those stay given up until the node is activated. */
  #sessionsFound(): void {
    if (this.#drain.isTerminating(this.#decision.availability)) this.sessions.release(this.sessions.ids);
    else this.#reopenDrain();
  }

  #reopenDrain(): void {
    this.#drain.reopen();
    this.#unprojected.withdraw('NodeDrained');
    this.removal.withdrawIf('drained');
  }

  #decline(now: EpochMs): void {
    if (this.sessions.isHeld) return this.sessions.loseAll(now);
    if (this.liveness.condition.value === 'UNKNOWN') {
      this.removal.schedule('silent', SYSTEM, this.liveness.whyRemoved, now);
      return;
    }
    const { type, reason } = this.liveness.decline(now);
    this.#unprojected.tell(type, reason, now);
    if (type !== 'NodeUnknown') return;
    // Losing them is irreversible: they are kept while a mass silence protects the node.
    if (this.liveness.isHeld && this.sessions.all.length > 0) this.sessions.hold();
    else this.sessions.loseAll(now);
  }
}
