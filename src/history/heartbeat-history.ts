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

/** Pause between rounds, in milliseconds. */
const ROUND_PAUSE_MS = 250;
/** Points of each kind after which a round takes no more: a large fleet's minutes end together and are spread over several rounds. */
const AT_ONCE = 1_000;
/** Maximum number of waiting points of each kind: four of each of 20,000 nodes, and a quarter more. Further ones are dropped. */
const WAITING_AT_MOST = 100_000;

/**
 * Writes the history of heartbeats, in rounds of its own: recording heartbeats (HeartbeatBuffer) neither waits for it nor fails with it. Points that
 * cannot be written are dropped, since a gap in a plot is better than an api out of memory.
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

  /** Writes the present minutes as they are; another replica's part of them is combined in the plot. */
  async onApplicationShutdown(): Promise<void> {
    await inTime(this.writeRest(), STOP_WAITS_MS.plots, 'MongoDB did not answer in time').catch((error: Error) =>
      this.complain(error.message),
    );
  }

  private async writeRest(): Promise<void> {
    await this.rounds.end();
    this.addMinutes(this.means.takeAll());
    // Stops at the first failure: while MongoDB is unavailable each write waits for seconds, and a large fleet has many.
    do await this.write(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    while (this.beats.size + this.minutes.size > 0 && !this.failing);
  }

  /** @param before time of the node's previous heartbeat, where that is known */
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

  /** Logs once per outage. */
  private complain(reason: string): void {
    if (!this.failing)
      this.logger.warn({ msg: 'the history of heartbeats cannot be written: plots will have a hole', reason });
    this.failing = true;
  }
}
