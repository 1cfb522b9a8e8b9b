import type { EpochMs } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import type { NodeSummary } from '../record/node-summary.js';

const REMEMBERED_NODES = 50_000;
/** In intervals. A workflow that is set back by hand hears again after the longest. */
const SHORTEST_SPACING = 1 / 2;
const LONGEST_SPACING = 8;

interface Told {
  at: EpochMs;
  what: string;
  /** How long nothing else has to be said, in milliseconds. */
  spacingMs: number;
}

/**
 * Keeps a node's heartbeats from filling its workflow's history. Until half an interval has passed, the workflow hears again only of a
 * heartbeat that differs from the last one that it heard. A change that it has not acted on yet waits in its history already: it is
 * repeated less and less often, or a worker that is behind would find ever longer histories.
 */
export class SignalSpacing {
  private readonly told: BoundedCache<string, Told>;
  private latest: EpochMs = 0;

  /** @param intervalMs how often each node beats, in milliseconds */
  constructor(private readonly intervalMs: number) {
    this.told = new BoundedCache(REMEMBERED_NODES, (told) => this.isOver(told));
  }

  /** Whether the workflow may hear of this heartbeat; the answer yes is remembered. */
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

  /** The workflow did not get the last signal. */
  forget({ uid }: NodeSummary): void {
    this.told.delete(uid);
  }

  private isOver({ at, spacingMs }: Told): boolean {
    return this.latest - at >= spacingMs;
  }
}
