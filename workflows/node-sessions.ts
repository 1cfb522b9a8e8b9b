import { formatDuration } from '../contract/duration.js';
import type {
  CarriedLifecycle,
  LifecycleInput,
  OpenSessionUpdate,
  SessionChange,
  TerminateSessionUpdate,
  UntoldChanges,
} from '../contract/lifecycle.js';
import { lackingResource, type PlacementRefusal } from '../contract/placement.js';
import {
  listedSessions,
  MAX_SESSIONS_PER_NODE,
  NO_RESOURCES,
  sumOfResources,
  type CachedSession,
  type SessionResources,
} from '../contract/sessions.js';
import { SYSTEM, type EpochMs } from '../contract/states.js';
import type { Unprojected } from './unprojected.js';

/** For lifecycles whose input has no such setting. */
const DEFAULT_CONFIRM_TIMEOUT_MS = 60_000;

/**
 * The session cache: sessions that the node reports, and reservations that it has not confirmed. Reports are the truth about the former. Any
 * other change of a session stays in `changes` until its record is updated.
 */
export class NodeSessions {
  #sessions: CachedSession[];
  #reportedAt: EpochMs | undefined;
  #changes: SessionChange[];
  /** Sessions given up because of silence whose records are not updated yet. */
  #givenUp: CachedSession[];
  #isHeld: boolean;
  readonly #confirmTimeoutMs: number;

  /** @param projectsOnlyChanges see side-effects.ts */
  constructor(
    private readonly input: LifecycleInput,
    private readonly unprojected: Unprojected,
    private readonly projectsOnlyChanges: () => boolean,
  ) {
    this.#sessions = input.carried?.sessions ?? [];
    this.#reportedAt = input.carried?.sessionsReportedAt;
    this.#changes = input.carried?.untold?.sessionChanges ?? [];
    this.#givenUp = input.carried?.untold?.givenUp ?? [];
    this.#isHeld = input.carried?.sessionsHeld ?? false;
    this.#confirmTimeoutMs = input.confirmTimeoutMs ?? DEFAULT_CONFIRM_TIMEOUT_MS;
  }

  get all(): CachedSession[] {
    return this.#sessions;
  }

  get ids(): string[] {
    return this.#sessions.map(({ id }) => id);
  }

  get reportedAt(): EpochMs | undefined {
    return this.#reportedAt;
  }

  /** Whether sessions are kept although their node is UNKNOWN. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  get reserved(): SessionResources {
    return sumOfResources(this.#sessions.map(({ resources }) => resources));
  }

  /** Changes that are not in the sessions' records yet. */
  get changes(): SessionChange[] {
    return this.#changes;
  }

  /** When the oldest unconfirmed reservation is released; undefined if there is none. */
  get confirmationDeadline(): EpochMs | undefined {
    const since = this.#sessions.filter(({ state }) => state === 'ASSIGNED').map(({ startedAt }) => startedAt);
    return since.length === 0 ? undefined : Math.min(...since) + this.#confirmTimeoutMs;
  }

  has(id: string): boolean {
    return this.#sessions.some((session) => session.id === id);
  }

  /** Why this session does not fit; undefined where it does. */
  whyNoRoom({ session, capacity }: OpenSessionUpdate): PlacementRefusal | undefined {
    if (this.#sessions.length >= MAX_SESSIONS_PER_NODE) return 'TOO_MANY_SESSIONS';
    const lacking = lackingResource(capacity, this.reserved, session.resources);
    return lacking && `LACKS_${lacking.toUpperCase() as Uppercase<typeof lacking>}`;
  }

  /** Reserves resources for the session. Idempotent. */
  open({ session }: OpenSessionUpdate, now: EpochMs): void {
    if (this.has(session.id)) return;
    this.#sessions = [...this.#sessions, { ...session, state: 'ASSIGNED', startedAt: now }];
    this.unprojected.change();
  }

  /** Adopts a report: adds sessions that the node has and drops those that it lacks. Unconfirmed reservations stay. */
  adopt(reported: CachedSession[], ended: readonly string[], at: EpochMs): void {
    const spokenOf = [...reported.map(({ id }) => id), ...ended];
    const unconfirmed = this.#sessions.filter(({ id, state }) => state === 'ASSIGNED' && !spokenOf.includes(id));
    const terminating = this.#sessions.filter(({ state }) => state === 'TERMINATING').map(({ id }) => id);
    this.#reportedAt = at;
    this.#become([
      ...reported.map((session) =>
        terminating.includes(session.id) ? { ...session, state: 'TERMINATING' as const } : session,
      ),
      ...unconfirmed,
    ]);
  }

  /** Terminates a session, or withdraws one that the node was never told of. */
  terminate({ sessionId, by, reason, release }: TerminateSessionUpdate, now: EpochMs): void {
    if (release) return this.release([sessionId]);
    if (this.#sessions.find(({ id }) => id === sessionId)?.state === 'TERMINATING') return;
    this.markTerminating([sessionId]);
    this.#change([sessionId], { state: 'TERMINATING', at: now, by, reason });
    this.unprojected.tell('SessionsTerminated', reason === '' ? sessionId : `${reason}: ${sessionId}`, now, by);
  }

  /** Marks these as TERMINATING, as their records say. */
  markTerminating(ids: readonly string[]): void {
    this.#become(
      this.#sessions.map((session) => (ids.includes(session.id) ? { ...session, state: 'TERMINATING' } : session)),
    );
  }

  /** Releases reservations that the node has not confirmed in time. */
  releaseUnconfirmed(now: EpochMs): void {
    const overdue = this.#sessions
      .filter(({ state, startedAt }) => state === 'ASSIGNED' && now >= startedAt + this.#confirmTimeoutMs)
      .map(({ id }) => id);
    if (overdue.length === 0) return;
    const reason = `node ${this.input.nodeId} did not confirm it within ${formatDuration(this.#confirmTimeoutMs)}`;
    this.#drop(overdue, { state: 'FAILED', at: now, by: SYSTEM, reason });
    this.unprojected.tell('SessionsReleased', `not confirmed in time: ${listedSessions(overdue)}`, now);
  }

  /** Drops all sessions as terminated or lost. */
  giveUp(
    as: 'SessionsTerminated' | 'SessionsLost',
    reason: string,
    now: EpochMs,
    which: readonly string[] = this.ids,
  ): void {
    const dropped = this.#drop(which, {
      state: as === 'SessionsLost' ? 'LOST' : 'TERMINATED',
      at: now,
      by: SYSTEM,
      reason,
    });
    if (dropped.length > 0) this.unprojected.tell(as, `${reason}: ${listedSessions(dropped)}`, now);
  }

  /** Keeps them although their node is UNKNOWN, until {@link loseAll} or {@link takeBack}. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Drops all sessions as LOST: their node is silent. */
  loseAll(now: EpochMs): void {
    if (this.#isHeld) this.unprojected.change();
    this.#isHeld = false;
    const lost = this.#sessions;
    this.giveUp('SessionsLost', 'their node is lost', now);
    this.#givenUp = [...this.#givenUp, ...lost];
  }

  /** Restores sessions whose loss was not projected yet: their node is heard again. @returns whether there are any */
  takeBack(): boolean {
    this.#isHeld = false;
    const ids = this.#givenUp.map(({ id }) => id);
    const untold = this.#changes.filter(({ id, state }) => state === 'LOST' && ids.includes(id)).map(({ id }) => id);
    const back = this.#givenUp.filter(({ id }) => untold.includes(id) && !this.has(id));
    this.#givenUp = [];
    if (back.length === 0 || !this.projectsOnlyChanges()) return false;
    this.#changes = this.#changes.filter(({ id, state }) => state !== 'LOST' || !untold.includes(id));
    this.unprojected.withdraw('SessionsLost');
    this.#become([...this.#sessions, ...back]);
    return true;
  }

  /** Drops these without a change: their records are updated elsewhere. */
  release(ids: readonly string[]): void {
    this.#become(this.#sessions.filter(({ id }) => !ids.includes(id)));
  }

  /** Marks `changes` as written into the records. */
  told(changes: readonly SessionChange[]): void {
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
    this.#givenUp = this.#givenUp.filter(({ id }) => this.#changes.some((change) => change.id === id));
  }

  carry(): Pick<CarriedLifecycle, 'sessions' | 'sessionsReportedAt' | 'sessionsHeld'> & {
    untold: Omit<UntoldChanges, 'events'>;
  } {
    return {
      sessions: this.#sessions,
      ...(this.#reportedAt !== undefined && { sessionsReportedAt: this.#reportedAt }),
      ...(this.#isHeld && { sessionsHeld: true as const }),
      untold: { sessionChanges: this.#changes, givenUp: this.#givenUp },
    };
  }

  /** An unchanged report is not a change: a node may report many times a second. */
  #become(sessions: CachedSession[]): void {
    if (!isSame(sessions, this.#sessions) || !this.projectsOnlyChanges()) this.unprojected.change();
    this.#sessions = sessions;
  }

  #drop(which: readonly string[], change: Omit<SessionChange, 'id'>): string[] {
    const dropped = this.ids.filter((id) => which.includes(id));
    if (dropped.length === 0) return dropped;
    this.#sessions = this.#sessions.filter(({ id }) => !dropped.includes(id));
    this.#change(dropped, change);
    return dropped;
  }

  #change(ids: readonly string[], change: Omit<SessionChange, 'id'>): void {
    this.#changes = [...this.#changes, ...ids.map((id) => ({ id, ...change }))];
    this.unprojected.change();
  }
}

/** Whether these are the same sessions in the same states, in whatever order. */
function isSame(some: readonly CachedSession[], others: readonly CachedSession[]): boolean {
  const inOrder = (sessions: readonly CachedSession[]) => JSON.stringify(sessions.map(textOf).toSorted());
  return some.length === others.length && inOrder(some) === inOrder(others);
}

function textOf({ id, principal, statement, state, startedAt, resources }: CachedSession): string {
  const { cpu, memory, disk, gpu } = resources ?? NO_RESOURCES;
  return JSON.stringify([id, principal, statement, state, startedAt, cpu, memory, disk, gpu]);
}
