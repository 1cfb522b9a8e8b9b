import type { EpochMs } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import type { NodeSummary } from '../record/node-summary.js';

const REMEMBERED_NODES = 50_000;

/**
 * Keeps a node that beats faster than it was told from filling its workflow's history: until half an interval has
 * passed, its workflow hears again only of a heartbeat that says something else than the last one that it heard.
 */
export class SignalSpacing {
  private readonly heard: BoundedCache<string, { at: EpochMs; told: string }>;
  private latest: EpochMs = 0;

  /** @param intervalMs how often each node beats, in milliseconds */
  constructor(private readonly intervalMs: number) {
    this.heard = new BoundedCache(REMEMBERED_NODES, ({ at }) => !this.isRecent(at));
  }

  /** Whether the workflow may hear of this heartbeat; the answer yes is remembered. */
  admits({ uid, phase, liveness }: NodeSummary, bootId: string, now: EpochMs): boolean {
    this.latest = now;
    const told = `${phase} ${liveness} ${bootId}`;
    const last = this.heard.get(uid);
    if (last?.told === told && this.isRecent(last.at)) return false;
    this.heard.set(uid, { at: now, told });
    return true;
  }

  private isRecent(at: EpochMs): boolean {
    return this.latest - at < this.intervalMs / 2;
  }
}
