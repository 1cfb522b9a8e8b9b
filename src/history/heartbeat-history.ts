import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from '../agents/heartbeat-pace.js';
import { Clock } from '../clock.js';
import { DatabaseProbe } from '../health/server-probe.js';
import { HistoryStore, type HistoryPoint, type MinutePoint } from './history-store.js';
import { isLate } from './lateness.js';
import { MinuteMeans } from './minute-means.js';

/** From one round's end to the next one's begin, in milliseconds: how far plots are behind. */
const ROUND_PAUSE_MS = 250;
/** Points that one round writes at most, of each kind: the minutes of a large fleet end together and are written over some rounds. */
const AT_ONCE = 500;
/** Points that wait at most, of each kind. What comes beyond that is not in the plots. */
const WAITING_AT_MOST = 50_000;

/**
 * Heartbeats on their way into the plots, in rounds of their own: recording that a node lives (HeartbeatBuffer) neither waits
 * for this nor fails with it. What cannot be written is dropped, since a hole in a plot is better than an api without memory.
 */
@Injectable()
export class HeartbeatHistory implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatHistory.name);
  private readonly means = new MinuteMeans();
  private beats: HistoryPoint[] = [];
  private minutes: MinutePoint[] = [];
  private failing = false;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly store: HistoryStore,
    private readonly database: DatabaseProbe,
    private readonly pace: HeartbeatPace,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.schedule());
  }

  /** Minutes that are not over yet are written as far as they came: another replica's part of them joins them in the plot. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
    this.keep(this.minutes, this.means.takeAll());
    while (this.beats.length + this.minutes.length > 0) await this.write();
  }

  /** @param before when the node was heard before, where that is known */
  add(point: HistoryPoint, before: EpochMs | undefined): void {
    this.keep(this.beats, [point]);
    const minute = this.means.add(point, before !== undefined && isLate(before, point.at, this.pace.intervalMs));
    if (minute !== undefined) this.keep(this.minutes, [minute]);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.keep(this.minutes, this.means.takeOver(this.clock.now()));
      this.round = this.write().finally(() => this.schedule());
    }, ROUND_PAUSE_MS);
  }

  private keep<Point>(waiting: Point[], points: readonly Point[]): void {
    for (const point of points) if (waiting.length < WAITING_AT_MOST) waiting.push(point);
  }

  /** Never rejects. */
  private async write(): Promise<void> {
    const [beats, minutes] = [this.beats.splice(0, AT_ONCE), this.minutes.splice(0, AT_ONCE)];
    if (beats.length + minutes.length === 0) return;
    try {
      await this.store.record(beats, minutes);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn({ msg: 'the history of heartbeats cannot be written: plots will have a hole', reason: (error as Error).message });
      this.failing = true;
    }
  }
}
