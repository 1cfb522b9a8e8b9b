import { isoTime } from '../../contract/iso-time.js';
import { Injectable } from '@nestjs/common';
import { HISTORY_MARKS, LATE_AFTER_INTERVALS, MOST_HISTORY_MARKS, type HistoryMark } from '../../contract/history.js';
import type { NodeHistory } from '../../contract/schemas/history.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { Clock } from '../mechanics/clock.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { EventStore } from '../record/event-store.js';
import { nodeNotFound } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { downSample } from './down-sample.js';
import { heartbeatStrip, type Beat, type Strip } from './heartbeat-strip.js';
import { historyStretch, type StretchRequest, type HistoryStretch } from './history-stretch.js';
import { HistoryStore, type HistoryPoint, type MinutePoint } from './history-store.js';
import { MINUTE_MS } from './minute-means.js';
import { plotDelayMs } from './plot-delay.js';

const MARKED = Object.keys(HISTORY_MARKS) as HistoryMark[];

/** A node's history, for plots. */
@Injectable()
export class HistoryReader {
  constructor(
    private readonly nodes: NodeStore,
    private readonly history: HistoryStore,
    private readonly events: EventStore,
    private readonly pace: HeartbeatPace,
    private readonly fleet: FleetSize,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError NODE_NOT_FOUND */
  async read(id: string, request: StretchRequest): Promise<NodeHistory> {
    const node = await this.nodes.findLiving(id);
    if (node === null) throw nodeNotFound(id);
    const now = this.clock.now();
    const stretch = historyStretch(request, now, this.pace.intervalMs);
    const { window, from, to, resolutionMs } = stretch;
    const toleranceMs = LATE_AFTER_INTERVALS * this.pace.intervalMs;
    // From a little earlier, since the first slots are judged by the beat before them.
    const [points, marks] = await Promise.all([
      this.points(node.uid, stretch, from - toleranceMs),
      this.events.between(node.uid, { from, to }, MARKED, MOST_HISTORY_MARKS),
    ]);
    const strip = await this.strip(node, stretch, points, now);
    return {
      window,
      from: isoTime(from),
      to: isoTime(to),
      intervalMs: this.pace.intervalMs,
      resolutionMs,
      points: downSample(
        points.filter(({ at }) => at >= from),
        resolutionMs,
      ).map(({ uid: _uid, at, ...point }) => ({ at: isoTime(at), ...withoutLate(point) })),
      marks: marks.map(({ at, type, by, reason }) => ({ at: isoTime(at), type: type as HistoryMark, by, reason })),
      heartbeats: { ...strip, from: isoTime(strip.from), ...counted(strip) },
    };
  }

  private points(
    uid: string,
    { isWhole, to }: HistoryStretch,
    from: EpochMs,
  ): Promise<(HistoryPoint & Partial<MinutePoint>)[]> {
    return isWhole ? this.history.beats(uid, from, to) : this.history.minutes(uid, from, to);
  }

  private async strip(
    node: NodeRecord,
    { from, to, isWhole, slotMs }: HistoryStretch,
    points: readonly Partial<MinutePoint>[],
    now: EpochMs,
  ): Promise<Strip> {
    const delayMs = plotDelayMs(this.fleet.current, isWhole ? this.pace.intervalMs : MINUTE_MS);
    return heartbeatStrip({
      beats: points.map(({ at = 0, late = 0 }): Beat => ({ at, late: late > 0 })),
      from,
      to,
      slotMs,
      // Only the time of a minute's last beat is known, and the present minute is not written yet.
      toleranceMs: LATE_AFTER_INTERVALS * this.pace.intervalMs + (isWhole ? 0 : 2 * MINUTE_MS),
      unwrittenMs: Math.max(0, delayMs - (now - to)),
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
