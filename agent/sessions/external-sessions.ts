import { isoTime } from '../../contract/iso-time.js';
import type { EpochMs } from '../../contract/states.js';
import type { EndedSession, LiveSession } from './session-engine.js';

/** Another engine's report of one of its sessions. */
export interface ShownSession {
  principal: string;
  /** Truncated. */
  statement: string;
  /** Absent for the time at which it was first reported. */
  startedAt?: EpochMs;
}

/** How another engine's session ended. */
export interface ShownEnd {
  state: EndedSession['state'];
  reason: string;
  rows: number | null;
}

export interface Termination {
  id: string;
  by: string;
  reason: string;
}

/** A termination is repeated after this time, in milliseconds, since its engine may not have been among those that waited. */
const TELL_AGAIN_MS = 1_000;

interface Held {
  live: LiveSession;
  termination?: Termination & { toldAt?: number };
}

/** Sessions reported by the node's other engines. Kept in memory only: engines report again after the agent restarts. */
export class ExternalSessions {
  private readonly held = new Map<string, Held>();

  get size(): number {
    return this.held.size;
  }

  get live(): LiveSession[] {
    return [...this.held.values()].map(({ live }) => live);
  }

  has(id: string): boolean {
    return this.held.has(id);
  }

  /** @returns false if that was known already */
  show(id: string, { principal, statement, startedAt }: ShownSession, now: EpochMs): boolean {
    const held = this.held.get(id);
    const at = startedAt === undefined ? (held?.live.startedAt ?? isoTime(now)) : isoTime(startedAt);
    const before = held?.live;
    if (before?.principal === principal && before.statement === statement && before.startedAt === at) return false;
    this.held.set(id, {
      ...held,
      live: { id, kind: 'external', principal, statement, state: before?.state ?? 'RUNNING', startedAt: at },
    });
    return true;
  }

  /** @returns undefined if there is none of this id */
  end(id: string, { state, reason, rows }: Partial<ShownEnd>, now: EpochMs): EndedSession | undefined {
    const held = this.held.get(id);
    if (!held) return undefined;
    this.held.delete(id);
    return {
      id,
      kind: 'external',
      state: state ?? (held.termination ? 'TERMINATED' : 'COMPLETED'),
      reason: reason ?? held.termination?.reason ?? '',
      startedAt: held.live.startedAt,
      endedAt: isoTime(now),
      rows: rows ?? null,
      resultFile: null,
      preview: null,
    };
  }

  /** Requests that its engine ends it. @returns false if that was requested before, or there is none of this id */
  requestTermination(termination: Termination): boolean {
    const held = this.held.get(termination.id);
    if (!held || held.termination) return false;
    held.termination = termination;
    held.live = { ...held.live, state: 'TERMINATING' };
    return true;
  }

  /**
   * Sessions that engines are to end, if there are any that they have not been told of lately.
   * @param elapsed milliseconds of a monotonic clock
   */
  toTell(elapsed: number): Termination[] {
    const asked = [...this.held.values()].flatMap(({ termination }) => (termination ? [termination] : []));
    if (!asked.some(({ toldAt }) => toldAt === undefined || toldAt + TELL_AGAIN_MS <= elapsed)) return [];
    for (const termination of asked) termination.toldAt = elapsed;
    return asked.map(({ id, by, reason }) => ({ id, by, reason }));
  }
}
