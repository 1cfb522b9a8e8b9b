import { Injectable } from '@nestjs/common';
import { LATE_AFTER_INTERVALS, type HistoryWindow } from '../../contract/history.js';
import type { NodeHistory } from '../../contract/schemas/history.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { Clock } from '../mechanics/clock.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { nodeNotFound } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { downSample } from './down-sample.js';
import { heartbeatStrip, type Beat, type Strip } from './heartbeat-strip.js';
import { HistoryStore, type HistoryPoint, type MinutePoint } from './history-store.js';
import { MINUTE_MS } from './minute-means.js';
import { plotDelayMs } from './plot-delay.js';

const HOUR_MS = 60 * MINUTE_MS;

/** What is shown of each window, in milliseconds: at most 720 points, and 240 slots where heartbeats come every 15 s. */
const WINDOWS: Record<HistoryWindow, { lengthMs: number; resolutionMs: number; slotMs: number }> = {
  '1h': { lengthMs: HOUR_MS, resolutionMs: 5_000, slotMs: 15_000 },
  '24h': { lengthMs: 24 * HOUR_MS, resolutionMs: 2 * MINUTE_MS, slotMs: 6 * MINUTE_MS },
  '7d': { lengthMs: 168 * HOUR_MS, resolutionMs: 14 * MINUTE_MS, slotMs: HOUR_MS },
};

/** A node's past, for whoever plots it. */
@Injectable()
export class HistoryReader {
  constructor(
    private readonly nodes: NodeStore,
    private readonly history: HistoryStore,
    private readonly pace: HeartbeatPace,
    private readonly fleet: FleetSize,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError NODE_NOT_FOUND */
  async read(id: string, window: HistoryWindow): Promise<NodeHistory> {
    const node = await this.nodes.findLiving(id);
    if (node === null) throw nodeNotFound(id);
    const to = this.clock.now();
    const { lengthMs, resolutionMs } = WINDOWS[window];
    const from = to - lengthMs;
    const toleranceMs = LATE_AFTER_INTERVALS * this.pace.intervalMs;
    // From a little before: the first slots are judged by the beat before them.
    const points = await this.points(node.uid, window, from - toleranceMs);
    const strip = await this.strip(node, window, points, { from, to });
    return {
      window,
      from: iso(from),
      to: iso(to),
      intervalMs: this.pace.intervalMs,
      resolutionMs,
      points: downSample(
        points.filter(({ at }) => at >= from),
        resolutionMs,
      ).map(({ uid: _uid, at, ...point }) => ({ at: iso(at), ...withoutLate(point) })),
      heartbeats: { ...strip, from: iso(strip.from), ...counted(strip) },
    };
  }

  private points(uid: string, window: HistoryWindow, from: EpochMs): Promise<(HistoryPoint & Partial<MinutePoint>)[]> {
    return window === '1h' ? this.history.beats(uid, from) : this.history.minutes(uid, from);
  }

  private async strip(
    node: NodeRecord,
    window: HistoryWindow,
    points: readonly Partial<MinutePoint>[],
    { from, to }: { from: EpochMs; to: EpochMs },
  ): Promise<Strip> {
    const isWhole = window === '1h';
    return heartbeatStrip({
      beats: points.map(({ at = 0, late = 0 }): Beat => ({ at, late: late > 0 })),
      from,
      to,
      slotMs: Math.max(WINDOWS[window].slotMs, this.pace.intervalMs),
      // Of a minute only its last beat's time is known, and the present one is not written yet.
      toleranceMs: LATE_AFTER_INTERVALS * this.pace.intervalMs + (isWhole ? 0 : 2 * MINUTE_MS),
      unwrittenMs: plotDelayMs(this.fleet.current, isWhole ? this.pace.intervalMs : MINUTE_MS),
      since: node.joinedAt,
      blind: await this.history.blindSpots(from),
    });
  }
}

function withoutLate<Point extends object>(point: Point & { late?: number }): Omit<Point, 'late'> {
  const { late: _late, ...rest } = point;
  return rest;
}

function counted({ slots }: Strip): Pick<NodeHistory['heartbeats'], 'received' | 'late' | 'missed'> {
  const count = (state: Strip['slots'][number]) => slots.filter((slot) => slot === state).length;
  return { received: count('received'), late: count('late'), missed: count('missed') };
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}
