import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LATE_AFTER_INTERVALS } from '../../contract/history.js';
import { MEASURE_KEYS, SINGLE_MEASURES } from '../../contract/measures.js';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatPace } from '../cluster/heartbeat-pace.js';
import { Clock } from '../mechanics/clock.js';
import { inTime } from '../mechanics/in-time.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { STOP_WAITS_MS } from '../mechanics/stop-waits.js';
import { HistoryStore, type HistoryPoint, type MinutePoint } from './history-store.js';
import { MINUTE_MS, MinuteMeans } from './minute-means.js';
import { plotDelayMs } from './plot-delay.js';
import { WaitingPoints } from './waiting-points.js';

/** From one round's end to the next one's begin, in milliseconds. */
const ROUND_PAUSE_MS = 250;
/** With so many points a round has enough, of each kind: the minutes of a large fleet end together and are written over some rounds. */
const AT_ONCE = 1_000;
/** Points that wait at most, of each kind: four of 20,000 nodes, and a quarter more. What comes beyond that is not in the plots. */
const WAITING_AT_MOST = 100_000;

/**
 * Heartbeats on their way into the plots, in rounds of their own: recording that a node lives (HeartbeatBuffer) neither waits
 * for this nor fails with it. What cannot be written is dropped, since a hole in a plot is better than an api without memory.
 */
@Injectable()
export class HeartbeatHistory implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatHistory.name);
  private readonly means = new MinuteMeans();
  private readonly beats = new WaitingPoints<HistoryPoint>(['at', ...SINGLE_MEASURES], WAITING_AT_MOST);
  private readonly minutes = new WaitingPoints<MinutePoint>(['at', ...MEASURE_KEYS, 'late'], WAITING_AT_MOST);
  private failing = false;
  private readonly rounds = new RepeatedWork(() => this.writeDue().then(() => ROUND_PAUSE_MS));

  constructor(
    private readonly store: HistoryStore,
    private readonly database: DatabaseProbe,
    private readonly pace: HeartbeatPace,
    private readonly fleet: FleetSize,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.rounds.begin(ROUND_PAUSE_MS));
  }

  /** Minutes that are not over yet are written as far as they came: another replica's part of them joins them in the plot. */
  async onApplicationShutdown(): Promise<void> {
    await inTime(this.writeRest(), STOP_WAITS_MS.plots, 'MongoDB did not answer in time').catch((error: Error) =>
      this.complain(error.message),
    );
  }

  private async writeRest(): Promise<void> {
    await this.rounds.end();
    this.addMinutes(this.means.takeAll());
    // The first that cannot be written is the last that is tried: each waits for seconds where MongoDB is away, and a large fleet has many.
    do await this.write(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    while (this.beats.size + this.minutes.size > 0 && !this.failing);
  }

  /** @param before when the node was heard before, where that is known */
  add(point: HistoryPoint, before: EpochMs | undefined): void {
    this.beats.add(point, this.clock.now());
    const minute = this.means.add(
      point,
      before !== undefined && point.at - before > LATE_AFTER_INTERVALS * this.pace.intervalMs,
    );
    if (minute !== undefined) this.addMinutes([minute]);
  }

  private writeDue(): Promise<void> {
    const now = this.clock.now();
    const since = (everyMs: number) => now - plotDelayMs(this.fleet.current, everyMs);
    this.addMinutes(this.means.takeOver(now));
    return this.write(since(this.pace.intervalMs), since(MINUTE_MS));
  }

  private addMinutes(minutes: readonly MinutePoint[]): void {
    const now = this.clock.now();
    for (const minute of minutes) this.minutes.add(minute, now);
  }

  /** Never rejects. */
  private async write(beatsSince: EpochMs, minutesSince: EpochMs): Promise<void> {
    const [beats, minutes] = [this.beats.take(beatsSince, AT_ONCE), this.minutes.take(minutesSince, AT_ONCE)];
    if (beats.length + minutes.length === 0) return;
    try {
      await this.store.record(beats, minutes);
      this.failing = false;
    } catch (error) {
      this.complain((error as Error).message);
    }
  }

  /** Once an outage. */
  private complain(reason: string): void {
    if (!this.failing)
      this.logger.warn({ msg: 'the history of heartbeats cannot be written: plots will have a hole', reason });
    this.failing = true;
  }
}
