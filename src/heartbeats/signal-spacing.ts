import type { EpochMs } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import type { NodeSummary } from '../record/node-summary.js';

const REMEMBERED_NODES = 50_000;
// Spacing in heartbeat intervals. A workflow that was reset by hand gets a signal after the longest.
const SHORTEST_SPACING = 1 / 2;
const LONGEST_SPACING = 8;

interface Told {
  at: EpochMs;
  what: string;
  /** How long no repetition is signalled, in milliseconds. */
  spacingMs: number;
}

/**
 * Keeps a node's heartbeats from filling its workflow's history. Within half an interval of a signal, only a heartbeat that differs is signalled.
 * A change that the workflow has not acted on yet is in its history already, so it is repeated less and less often: otherwise a worker that has
 * fallen behind would find ever longer histories.
 */
export class SignalSpacing {
  private readonly told: BoundedCache<string, Told>;
  private latest: EpochMs = 0;

  /** @param intervalMs heartbeat interval, in milliseconds */
  constructor(private readonly intervalMs: number) {
    this.told = new BoundedCache(REMEMBERED_NODES, (told) => this.isOver(told));
  }

  /** Whether this heartbeat may be signalled; true is remembered as a signal. */
  admits({ uid, phase, liveness }: NodeSummary, bootId: string, now: EpochMs): boolean {
    this.latest = now;
    const what = `${phase} ${liveness} ${bootId}`;
    const last = this.told.get(uid);
    const isSame = last?.what === what;
    if (isSame && !this.isOver(last)) return false;
    const isNews = phase === 'WAITING' || liveness !== 'HEALTHY';
    const spacing = isSame && isNews ? 2 * last.spacingMs : SHORTEST_SPACING * this.intervalMs;
    this.told.set(uid, { at: now, what, spacingMs: Math.min(spacing, LONGEST_SPACING * this.intervalMs) });
    return true;
  }

  /** Forgets the last signal, which did not reach the workflow. */
  forget({ uid }: NodeSummary): void {
    this.told.delete(uid);
  }

  private isOver({ at, spacingMs }: Told): boolean {
    return this.latest - at >= spacingMs;
  }
}
