import type { DrainLook, DrainLookRequest, DrainSetProjection } from '../activities/drain-set-ports.js';
import {
  HOLD,
  isDrainSetOver,
  NO_OTHERS,
  type DrainMemberOutcome,
  type DrainSetInput,
  type DrainSetMember,
  type DrainSetOutcome,
  type DrainSetProgress,
  type DrainSetRuling,
  type DrainSetState,
  type UnavailableOthers,
} from '../contract/drain-set.js';
import { formatDuration } from '../contract/duration.js';
import type { WindowLook } from '../contract/maintenance-window.js';
import type { EpochMs } from '../contract/states.js';
import { BeginningTimes } from './beginning-times.js';
import { DrainSetMembers } from './drain-set-members.js';
import { EndedUpdates, type EndedUpdate } from './ended-updates.js';
import { nextLookAt } from './look-pace.js';

/** The state of a drain set's workflow. Signals and looks change it synchronously. */
export class RunningDrainSet {
  #ruling: DrainSetRuling;
  readonly #members: DrainSetMembers;
  #revision: number;
  #toldRevision: number;
  /** Uids of members that were asked to activate again. */
  #released: string[] = [];
  readonly #ended = new EndedUpdates();
  #forgiven: number;
  /** Unavailable nodes as last seen; empty while no node is to begin. */
  #others: UnavailableOthers = NO_OTHERS;
  #full = false;
  readonly #times: BeginningTimes;
  /** Time of the last ruling or change of a member's state; initially the run's start. */
  #movedAt: EpochMs;

  constructor(
    private readonly input: DrainSetInput,
    now: EpochMs,
  ) {
    this.#movedAt = now;
    this.#times = new BeginningTimes(input);
    this.#ruling = input.ruling;
    this.#forgiven = input.forgiven ?? 0;
    this.#members = new DrainSetMembers(input.members);
    // Each run projects its initial state once: the record may be older.
    this.#toldRevision = input.revision;
    this.#revision = input.revision + 1;
  }

  get state(): DrainSetState {
    const { counts } = this.#members;
    const idle = counts.QUEUED === 0 && counts.DRAINING === 0 && counts.UPDATING === 0;
    // A cancellation after the end changes nothing.
    if (idle && counts.NOT_BEGUN === 0 && counts.RELEASED === 0) return 'DONE';
    if (this.#ruling.value === 'cancel') return idle ? 'CANCELLED' : 'CANCELLING';
    if (this.#ruling.value === HOLD) return 'HELD';
    return this.#ruling.value === 'pause' ? 'PAUSED' : 'RUNNING';
  }

  get isOver(): boolean {
    return isDrainSetOver(this.state);
  }

  get members(): readonly DrainSetMember[] {
    return this.#members.all;
  }

  get draining(): DrainSetMember[] {
    return this.#members.draining;
  }

  get ruling(): DrainSetRuling {
    return this.#ruling;
  }

  /** Nodes whose update is over, and which are to be activated again. */
  get toEnd(): readonly EndedUpdate[] {
    return this.#ended.all;
  }

  /** Whether as many updates have failed as may, while further nodes wait. */
  get mustHold(): boolean {
    const { update } = this.input;
    if (update === undefined || this.#turn === undefined || this.#times.beginsAt !== undefined) return false;
    return this.#members.counts.FAILED - this.#forgiven >= update.maxFailures;
  }

  /** When nodes may begin. */
  get times(): BeginningTimes {
    return this.#times;
  }

  /** When the first node may begin; undefined once that time has come, or where none is to begin. */
  get beginsAt(): EpochMs | undefined {
    return this.#members.first === undefined ? undefined : this.#times.beginsAt;
  }

  /** Whether a node is to begin within the maintenance window, of which the record may know more. */
  get mustLookAtWindow(): boolean {
    return this.#turn !== undefined && this.#times.mustLook;
  }

  /** Applies what the record says of the maintenance window. */
  learnOfWindow(look: WindowLook, now: EpochMs): void {
    if (this.#times.learn(look, now)) this.#revision += 1;
    if (!this.#following) this.#see(NO_OTHERS, false);
  }

  /** The node whose turn it is; undefined where none may begin now. */
  get next(): DrainSetMember | undefined {
    if (this.#full || this.mustHold || this.#members.underWay.length >= this.input.maxUnavailable) return undefined;
    return this.#following;
  }

  /** When to look at the nodes again; undefined where nothing is waited for. */
  nextLook(lookedAt: EpochMs): EpochMs | undefined {
    if (this.#members.underWay.length === 0 && !this.#full) return undefined;
    return nextLookAt(lookedAt, this.#movedAt);
  }

  /** The question for the next look. */
  get question(): DrainLookRequest {
    const uidsOf = (members: readonly DrainSetMember[]) => members.map(({ uid }) => uid);
    const next = this.#following;
    return {
      setId: this.input.id,
      draining: uidsOf(this.#members.underWay),
      unsure: this.hasTurnsToCancel ? uidsOf(this.#members.queued) : [],
      ...(next && { next: next.uid }),
    };
  }

  /** Whether no further node may begin at present. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Nodes that are still to be activated again. */
  get toRelease(): DrainSetMember[] {
    if (this.#ruling.value !== 'cancel') return [];
    return this.draining.filter(({ uid }) => !this.#released.includes(uid));
  }

  get hasUnprojected(): boolean {
    return this.#revision > this.#toldRevision;
  }

  /** Applies a ruling later than the one in force. A set that is cancelled stays so. */
  obey(ruling: DrainSetRuling, now: EpochMs): void {
    if (ruling.seq <= this.#ruling.seq || this.isOver) return;
    if (ruling.value === 'resume') this.#forgiven = this.#members.counts.FAILED;
    this.#ruling = this.#ruling.value === 'cancel' ? { ...this.#ruling, seq: ruling.seq } : ruling;
    this.#revision += 1;
    this.#movedAt = now;
    if (!this.#following) this.#see(NO_OTHERS, false);
    if (this.hasTurnsToCancel) this.cancelTurns(now);
  }

  /** Whether the set is cancelled while nodes wait for their turns. */
  get hasTurnsToCancel(): boolean {
    return this.#ruling.value === 'cancel' && this.#members.queued.length > 0;
  }

  cancelTurns(now: EpochMs): void {
    for (const { uid } of this.#members.queued)
      this.#become(
        uid,
        {
          state: 'NOT_BEGUN',
          reason: `the ${this.input.update ? 'agent update' : 'drain set'} was cancelled by ${this.#ruling.by}`,
        },
        now,
      );
  }

  begun(uid: string, seq: number, now: EpochMs): void {
    this.#become(uid, { state: 'DRAINING', reason: '', seq }, now);
  }

  /** Notes that a node could not begin: these nodes and the draining ones use up the budget. */
  wait(others: UnavailableOthers): void {
    this.#see(others, true);
  }

  /** Applies the result of a look. */
  learn({ over, updating = [], begun, others, full }: DrainLook, now: EpochMs): void {
    for (const uid of updating) this.#update(uid, now);
    for (const { uid, state, reason } of over) {
      if (this.input.update === undefined) this.over(uid, { state, reason }, now);
      else this.#ended.end(this.#members.find(uid), { state, reason });
    }
    this.#endSilent(now);
    for (const { uid, seq } of begun) this.begun(uid, seq, now);
    if (this.#following) this.#see(others, full);
  }

  /** Notes that the node was asked to activate again. */
  released(uid: string): void {
    this.#released = [...this.#released, uid];
  }

  /** Concludes a node with this outcome. */
  over(uid: string, outcome: { state: DrainMemberOutcome; reason: string }, now: EpochMs): void {
    this.#ended.done(uid);
    this.#become(uid, { state: outcome.state, reason: outcome.reason }, now);
  }

  get progress(): DrainSetProgress {
    return {
      state: this.state,
      revision: this.#revision,
      rulingSeq: this.#ruling.seq,
      members: this.#members.all,
      others: this.#others,
      waiting: this.#isWaiting,
    };
  }

  /** The projection that is due now. */
  projection(at: EpochMs): DrainSetProjection {
    return {
      id: this.input.id,
      state: this.state,
      revision: this.#revision,
      rulingSeq: this.#ruling.seq,
      at,
      others: this.#others,
      waiting: this.#isWaiting,
      changes: this.#members.changes,
    };
  }

  /** Marks `projection` as written; later changes remain unprojected. */
  told({ revision, changes }: DrainSetProjection): void {
    this.#toldRevision = revision;
    this.#members.told(changes);
  }

  /** The input of the next run: plain data that loses nothing. */
  carry(): DrainSetInput {
    const { update } = this.input;
    return {
      ...this.input,
      ruling: this.#ruling,
      members: this.#members.all,
      revision: this.#revision,
      ...(update && { forgiven: this.#forgiven }),
    };
  }

  get outcome(): DrainSetOutcome {
    return this.#members.counts;
  }

  /** Marks a drained node as being updated. */
  #update(uid: string, now: EpochMs): void {
    if (this.#members.find(uid)?.state === 'DRAINING') this.#become(uid, { state: 'UPDATING', reason: '' }, now);
  }

  /** Ends updates that have made no progress for too long. */
  #endSilent(now: EpochMs): void {
    const { update } = this.input;
    if (update === undefined) return;
    for (const member of this.#members.all)
      if (member.state === 'UPDATING' && now - member.since >= update.timeoutMs)
        this.#ended.end(member, {
          state: 'FAILED',
          reason: `no agent of version ${update.version} was heard within ${formatDuration(update.timeoutMs)}`,
        });
  }

  /** The node that begins next, whenever that may be; undefined where none is to. */
  get #turn(): DrainSetMember | undefined {
    return this.#ruling.value === 'resume' ? this.#members.first : undefined;
  }

  /** The same, now or when there is room. */
  get #following(): DrainSetMember | undefined {
    return this.#times.isNow ? this.#turn : undefined;
  }

  #see(others: UnavailableOthers, full: boolean): void {
    const shown = () => JSON.stringify([this.#isWaiting, this.#others]);
    const before = shown();
    this.#others = others;
    this.#full = full;
    if (shown() !== before) this.#revision += 1;
  }

  /** Using up the budget with the set's own nodes does not count as waiting for others. */
  get #isWaiting(): boolean {
    return this.#full && this.#others.count > 0;
  }

  #become(uid: string, change: Pick<DrainSetMember, 'state' | 'reason'> & { seq?: number }, now: EpochMs): void {
    if (!this.#members.become(uid, change, now)) return;
    this.#movedAt = now;
    this.#revision += 1;
    if (!this.#following) this.#see(NO_OTHERS, false);
  }
}
