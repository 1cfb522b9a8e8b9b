import type { Resources } from '../../client/index.js';
import { isoTime } from '../../contract/iso-time.js';
import { MAX_SESSIONS_PER_NODE, reservationFor, shortenedStatement, sumOfResources } from '../../contract/sessions.js';
import type { AgentClock } from '../process/agent-clock.js';
import { whyFileFailed } from '../process/file-errors.js';
import type { Log } from '../process/log.js';
import { EndedSessions } from './ended-sessions.js';
import { ExternalSessions, type ShownEnd, type ShownSession, type Termination } from './external-sessions.js';
import {
  without,
  type EngineSession,
  type SessionOutcome,
  type SessionEngine,
  type SessionOrder,
  type EndedSession,
  type LiveSession,
} from './session-engine.js';
import type { SessionFolders } from './session-folders.js';
import { UsageMeter } from './usage-meter.js';
import { Wake } from '../process/wake.js';

export interface SessionHostParts {
  engine: SessionEngine;
  folders: SessionFolders;
  /** How long results are kept, in milliseconds. */
  resultRetentionMs: number;
  clock: AgentClock;
  log: Log;
}

/** A session that this agent runs. */
interface Managed {
  order: SessionOrder;
  live: LiveSession;
  /** Absent until its folder exists. */
  run?: EngineSession;
  /** Why it is to end, if that was requested. */
  terminate?: string;
  /** Resolves when this host has its outcome. */
  over: Promise<void>;
}

/** All sessions of the node: those that the agent runs, and those that other engines report. */
export class SessionHost {
  /** Rung whenever there is something to report. */
  readonly changed = new Wake();
  /** Called whenever another engine is to end a session. */
  onTermination: () => void = () => undefined;
  private readonly managed = new Map<string, Managed>();
  private readonly external = new ExternalSessions();
  private readonly ended: EndedSessions;
  private readonly meter: UsageMeter;
  /** Set once the agent stops: no session is started then. */
  private closing = false;

  constructor(private readonly parts: SessionHostParts) {
    this.ended = new EndedSessions(parts.folders, parts.log);
    this.meter = new UsageMeter(parts.clock);
  }

  /** Takes over what an earlier process left: unreported ends, and sessions that died with it. */
  async recover(): Promise<void> {
    for (const note of await this.parts.folders.notes()) {
      if ('ended' in note) await this.ended.add(note.ended, true);
      else await this.ended.add(this.endOf(note.live, without('FAILED', 'the agent stopped while it ran')));
    }
    await this.sweep();
  }

  /** Removes expired results. */
  async sweep(): Promise<void> {
    const { folders, clock, resultRetentionMs, log } = this.parts;
    await folders
      .sweep(clock.now() - resultRetentionMs, (id) => this.managed.has(id))
      .catch((error: unknown) => log.warn(`old results could not be removed: ${whyFileFailed(error)}`));
  }

  /** Starts a session that was assigned to this node. @returns false if it is known already */
  open(order: SessionOrder): boolean {
    const { id, principal, sql } = order;
    if (this.closing || this.managed.has(id) || this.ended.has(id)) return false;
    const live: LiveSession = {
      id,
      kind: 'managed',
      principal,
      statement: shortenedStatement(sql),
      state: 'RUNNING',
      startedAt: isoTime(this.parts.clock.now()),
    };
    const refusal = this.whyNot(id);
    if (refusal !== undefined) {
      void this.end(this.endOf(live, without('FAILED', refusal)));
      return true;
    }
    const session: Managed = { order, live, over: Promise.resolve() };
    this.managed.set(id, session);
    session.over = this.run(session);
    this.changed.ring();
    return true;
  }

  /** Ends a session. @returns false if it is ending or has ended already */
  terminate({ id, by, reason }: Termination): boolean {
    const session = this.managed.get(id);
    if (session) return this.endManaged(session, reason === '' ? `terminated by ${by}` : reason);
    if (this.external.has(id)) {
      if (!this.external.requestTermination({ id, by, reason })) return false;
      this.onTermination();
      this.changed.ring();
      return true;
    }
    if (this.ended.has(id)) return false;
    const now = isoTime(this.parts.clock.now());
    void this.end({
      id,
      kind: 'managed',
      ...without('TERMINATED', 'it was ended before this node began it'),
      startedAt: null,
      endedAt: now,
    });
    return true;
  }

  /** Ends all sessions at once: the cluster wants none on this node. */
  endAll(by: string, reason: string): void {
    for (const session of this.managed.values()) this.endManaged(session, reason);
    for (const { id } of this.external.live) this.terminate({ id, by, reason });
  }

  /** Ends the agent's own sessions when it stops; other engines' go on. Resolves when nothing of them runs. */
  async close(reason: string): Promise<void> {
    this.closing = true;
    for (const session of this.managed.values()) this.endManaged(session, reason);
    await Promise.all([...this.managed.values()].map(({ over }) => over));
  }

  /** Another engine reports a session, for the first time or again. @returns why it is not accepted, or undefined */
  show(id: string, shown: ShownSession): string | undefined {
    if (this.managed.has(id)) return `session ${id} is one of the agent's own: take another id`;
    if (!this.external.has(id) && this.isFull)
      return `this node has ${MAX_SESSIONS_PER_NODE} sessions already, and no room for another`;
    this.ended.reuse(id);
    if (this.external.show(id, shown, this.parts.clock.now())) this.changed.ring();
    return undefined;
  }

  /** Another engine's session has ended. @returns false if it never reported one of this id */
  async hide(id: string, end: Partial<ShownEnd>): Promise<boolean> {
    const ended = this.external.end(id, end, this.parts.clock.now());
    if (ended) await this.end(ended);
    return ended !== undefined;
  }

  /** Sessions that other engines are to end, if they have not been told lately. */
  toTell(): Termination[] {
    return this.external.toTell(this.parts.clock.elapsed());
  }

  get live(): LiveSession[] {
    return [...[...this.managed.values()].map(({ live }) => live), ...this.external.live];
  }

  /** Unreported ends, as many as fit into a report. */
  nextEnded(): EndedSession[] {
    return this.ended.next();
  }

  get hasEnded(): boolean {
    return this.ended.size > 0;
  }

  async heard(ended: readonly EndedSession[]): Promise<void> {
    for (const { id } of ended) await this.ended.heard(id);
  }

  /** What sessions have reserved, and what they have used since the last call. */
  async load(): Promise<NonNullable<Resources['sessions']>> {
    const { cpu, memory } = sumOfResources(
      [...this.managed.values()].map(({ order }) => reservationFor(order.resources)),
    );
    const used = await this.meter.read(
      [...this.managed.values()].flatMap(({ order, run }) => (run ? [[order.id, run] as const] : [])),
    );
    return {
      running: this.managed.size + this.external.size,
      cpu: { reserved: cpu, used: used.cores },
      memory: { reservedBytes: memory, usedBytes: used.memoryBytes },
    };
  }

  private get isFull(): boolean {
    return this.managed.size + this.external.size >= MAX_SESSIONS_PER_NODE;
  }

  private whyNot(id: string): string | undefined {
    if (this.external.has(id)) return 'another engine of this node has a session of this id';
    return this.isFull ? `this node has ${MAX_SESSIONS_PER_NODE} sessions already` : undefined;
  }

  private async run(session: Managed): Promise<void> {
    const { order, live } = session;
    let outcome: SessionOutcome;
    try {
      const folder = await this.parts.folders.begin(live);
      if (session.terminate === undefined) {
        session.run = this.parts.engine.begin(order, folder);
        outcome = await session.run.ended;
      } else {
        outcome = without('TERMINATED', session.terminate);
      }
    } catch (error) {
      outcome = without('FAILED', `this node could not begin it: ${whyFileFailed(error)}`);
    }
    // In this order, so that at every moment it is live or ended.
    const ending = this.end(this.endOf(live, outcome));
    this.managed.delete(order.id);
    await ending;
  }

  private endManaged(session: Managed, reason: string): boolean {
    if (session.terminate !== undefined) return false;
    session.terminate = reason;
    session.live = { ...session.live, state: 'TERMINATING' };
    session.run?.terminate(reason);
    this.changed.ring();
    return true;
  }

  private async end(ended: EndedSession): Promise<void> {
    const { id, state, reason } = ended;
    this.parts.log.info(
      { session: id, state },
      reason === '' ? `session ${id}: ${state}` : `session ${id}: ${state}: ${reason}`,
    );
    const kept = this.ended.add(ended);
    this.changed.ring();
    await kept;
  }

  private endOf({ id, kind, startedAt }: LiveSession, outcome: SessionOutcome): EndedSession {
    return { id, kind, ...outcome, startedAt, endedAt: isoTime(this.parts.clock.now()) };
  }
}
