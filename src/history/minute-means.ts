import type { EpochMs } from '../../contract/states.js';
import { FoldedFigures } from './folded-figures.js';
import type { HistoryPoint, MinutePoint } from './history-store.js';

/** Span of one point, in milliseconds. */
export const MINUTE_MS = 60_000;

/** Folds incoming heartbeats into one point per node and minute. */
export class MinuteMeans {
  private readonly open = new Map<string, OpenMinute>();

  /** Number of open minutes, at most one per node. */
  get size(): number {
    return this.open.size;
  }

  /** @returns the node's previous minute, where this heartbeat begins another one */
  add(point: HistoryPoint, late: boolean): MinutePoint | undefined {
    const minute = Math.floor(point.at / MINUTE_MS);
    const known = this.open.get(point.uid);
    if (known?.minute === minute) {
      known.add(point, late);
      return undefined;
    }
    this.open.set(point.uid, new OpenMinute(minute, point, late));
    return known?.close();
  }

  /** Removes and returns minutes that are over, of nodes that have not beaten since. */
  takeOver(now: EpochMs): MinutePoint[] {
    const current = Math.floor(now / MINUTE_MS);
    return this.take((open) => open.minute < current);
  }

  takeAll(): MinutePoint[] {
    return this.take(() => true);
  }

  private take(isTaken: (open: OpenMinute) => boolean): MinutePoint[] {
    const taken: MinutePoint[] = [];
    for (const [uid, open] of this.open) {
      if (!isTaken(open)) continue;
      taken.push(open.close());
      this.open.delete(uid);
    }
    return taken;
  }
}

class OpenMinute {
  private readonly figures = new FoldedFigures();
  private readonly uid: string;
  private at = 0;
  private late = 0;

  constructor(
    readonly minute: number,
    first: HistoryPoint,
    late: boolean,
  ) {
    this.uid = first.uid;
    this.add(first, late);
  }

  add(point: HistoryPoint, late: boolean): void {
    this.figures.add(point);
    this.at = Math.max(this.at, point.at);
    this.late += Number(late);
  }

  close(): MinutePoint {
    return { uid: this.uid, at: this.at, ...this.figures.together(), late: this.late };
  }
}
