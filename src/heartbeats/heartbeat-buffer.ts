import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import type { EpochMs } from '../../contract/states.js';
import { PULSE_EVERY_MS, PULSE_LATE_MS, PulseStore } from '../cluster/pulse-store.js';
import { Clock } from '../mechanics/clock.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { ServiceLog } from '../process/service-log.js';
import { REPLICA } from '../process/process.module.js';
import { HeartbeatStore, type Heartbeat, type LastHeartbeat } from './heartbeat-store.js';

/** Pause between rounds, in milliseconds: under light load, the longest that a heartbeat waits to be written. */
const ROUND_PAUSE_MS = 250;
/** Heartbeats per write: few enough to delay neither incoming heartbeats nor other requests to MongoDB. */
const AT_ONCE = 500;
/**
 * Maximum number of heartbeats written per second; writing also takes at most half of the time. Beyond that, only the latest heartbeat of each
 * node is written. Twice the default MaxHeartbeatsPerSecond, and a sixth of a core of MongoDB.
 */
const MOST_PER_SECOND = 4_000;
/** A write that takes longer than this, in milliseconds, counts as failed, since its outcome is unknown. */
const SLOW_WRITE_MS = 2_000;
/** Capacity of the buffer as a time, in milliseconds: more heartbeats than can be written in it are refused. */
const WRITTEN_WITHIN_MS = 10_000;
/** Minimum capacity, in heartbeats. */
const LEAST_CAPACITY = 2_000;
/** Weight of the latest write in the moving average of the pace. */
const LATEST_SHARE = 0.2;

/**
 * Buffer of heartbeats on their way into the record: the latest of each node, written in bulk a few times a second. While the record is
 * unavailable, the buffer is stalled, and the api refuses heartbeats instead of acknowledging what may be lost.
 */
@Injectable()
export class HeartbeatBuffer {
  private waiting = new Map<string, Heartbeat>();
  /** Whether heartbeats are being recorded, which pulses prove. False until the first round, and after a failed one. */
  private recording = false;
  private writeBegan: EpochMs | undefined;
  private lastPulse: EpochMs = 0;
  private complained = false;
  private readonly rounds = new RepeatedWork(() => this.flush().then(() => ROUND_PAUSE_MS));
  private round: Promise<void> | undefined;
  private stopped = false;
  private accepting = true;
  private capacity = Number.POSITIVE_INFINITY;
  private readonly writes: Histogram;
  private readonly failures: Counter;
  /** Called with heartbeats that changed nothing in the record: their nodes were removed, or heard by another replica since. */
  onSuperseded: (beats: readonly Heartbeat[]) => void = () => undefined;

  constructor(
    private readonly heartbeats: HeartbeatStore,
    private readonly pulses: PulseStore,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
    @Inject(REPLICA) private readonly replica: string,
    metrics: MetricRegistry,
  ) {
    metrics.gauge('rollcall_heartbeat_buffer_depth', 'Heartbeats that wait to be written, one of a node at most', {
      read: () => this.size,
    });
    metrics.gauge(
      'rollcall_heartbeat_buffer_capacity',
      'How many may wait; +Inf until it is known how fast MongoDB takes them',
      { read: () => this.capacity },
    );
    this.writes = metrics.histogram(
      'rollcall_heartbeat_write_duration_seconds',
      'How long MongoDB took to write heartbeats, some hundred at once',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    );
    this.failures = metrics.counter(
      'rollcall_heartbeat_write_failures_total',
      'Rounds of writing that failed: heartbeats are turned away until one succeeds',
    );
  }

  /** Whether heartbeats cannot be recorded now: answer 503, and agents retry. */
  get isStalled(): boolean {
    return !this.recording || (this.writeBegan !== undefined && this.clock.now() - this.writeBegan > SLOW_WRITE_MS);
  }

  /** Whether the buffer has no room for another node's heartbeat: answer 429. */
  isFullFor(uid: string): boolean {
    return this.waiting.size >= this.capacity && !this.waiting.has(uid);
  }

  /** Number of heartbeats that wait to be written. */
  get size(): number {
    return this.waiting.size;
  }

  /** Adds a heartbeat. @returns false, without an effect, where a later one of the same boot waits already */
  add(beat: Heartbeat): boolean {
    const known = this.waiting.get(beat.uid);
    if (known && !isLater(beat, known)) return false;
    // Where the waiting one is the first of its boot, its successor becomes the first of the boot in the record.
    const continuesBoot =
      beat.continuesBoot === true && (known?.bootId !== beat.bootId || known.continuesBoot === true);
    this.waiting.set(beat.uid, { ...beat, continuesBoot });
    return true;
  }

  /** The node's heartbeat that waits to be written, if any: later than the recorded one. */
  latest(uid: string): Heartbeat | undefined {
    return this.waiting.get(uid);
  }

  /**
   * The node's last heartbeat, waiting or recorded.
   * @param bootId the boot of the heartbeat to compare it with
   */
  async last(uid: string, bootId: string): Promise<LastHeartbeat | undefined> {
    const waiting = this.latest(uid);
    if (waiting?.bootId === bootId) return { ...waiting, earlierBoots: [] };
    // A waiting heartbeat of another boot has to be recorded before this one replaces it.
    if (waiting !== undefined) await this.flush();
    return (await this.heartbeats.read([uid])).get(uid);
  }

  start(): void {
    this.rounds.begin(0);
  }

  /** No heartbeat is accepted any more, so there are no more pulses: what is silent from now on is not to blame. Waiting ones are still written. */
  closeForNew(): void {
    this.accepting = false;
  }

  /** Writes the waiting heartbeats. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.rounds.end();
    await this.flush();
  }

  /** Runs a round now, for callers that need added heartbeats to be written (a goodbye). Never rejects. */
  async flush(): Promise<void> {
    // A round under way may lack the latest heartbeats.
    if (this.round) await this.round;
    this.round ??= this.runRound().finally(() => {
      this.round = undefined;
    });
    await this.round;
  }

  /** Writes the heartbeats that wait when the round begins, each in its latest form. */
  private async runRound(): Promise<void> {
    let left = this.waiting.size;
    let batch: Heartbeat[] = [];
    try {
      // At least once: an empty round proves that the record can be written to.
      for (;;) {
        batch = this.takeFirst(Math.min(AT_ONCE, left));
        left -= batch.length;
        const restMs = await this.write(batch);
        if (left <= 0) break;
        if (!this.stopped) await pause(restMs);
      }
      this.complained = false;
    } catch (error) {
      this.putBack(batch);
      this.recording = false;
      this.failures.inc();
      if (!this.complained)
        this.log.warn({ msg: 'heartbeats cannot be recorded; trying again', reason: (error as Error).message });
      this.complained = true;
    } finally {
      this.writeBegan = undefined;
    }
  }

  /** Takes the nodes that have waited longest; a later heartbeat keeps its predecessor's place. */
  private takeFirst(count: number): Heartbeat[] {
    const taken: Heartbeat[] = [];
    for (const [uid, beat] of this.waiting) {
      if (taken.length === count) break;
      taken.push(beat);
      this.waiting.delete(uid);
    }
    return taken;
  }

  /** @returns how long to rest afterwards, in milliseconds */
  private async write(beats: readonly Heartbeat[]): Promise<number> {
    this.writeBegan = this.clock.now();
    const superseded = await this.heartbeats.record(beats);
    const tookMs = this.clock.now() - this.writeBegan;
    // An empty round writes nothing, and is no measurement.
    if (beats.length > 0) this.writes.observe(tookMs / 1_000);
    this.writeBegan = undefined;
    const restMs = Math.max(tookMs, (beats.length * 1_000) / MOST_PER_SECOND - tookMs);
    if (beats.length === AT_ONCE) this.learnPace(beats.length / (tookMs + restMs));
    if (superseded.length > 0) this.onSuperseded(superseded);
    await this.pulse();
    return restMs;
  }

  /** @param pace in heartbeats a millisecond */
  private learnPace(pace: number): void {
    const capacity = pace * WRITTEN_WITHIN_MS;
    this.capacity = Math.max(
      LEAST_CAPACITY,
      Number.isFinite(this.capacity) ? this.capacity + LATEST_SHARE * (capacity - this.capacity) : capacity,
    );
  }

  private async pulse(): Promise<void> {
    if (!this.accepting) return;
    const now = this.clock.now();
    const sinceLastMs = now - this.lastPulse;
    if (this.recording && sinceLastMs >= 0 && sinceLastMs < PULSE_EVERY_MS) return;
    // A pulse that is earlier than the last one means that MongoDB's clock was set back.
    const isContinued =
      this.recording &&
      sinceLastMs >= 0 &&
      sinceLastMs <= PULSE_LATE_MS &&
      (await this.pulses.beat(this.replica, now, this.lastPulse));
    if (!isContinued) await this.resume(now);
    this.lastPulse = now;
  }

  /**
   * Resumes recording with a blind spot, where there was one: after a failure, after a round so long that heartbeats were refused, after the
   * machine slept, and where the record was restored to before the last pulse and lost the heartbeats since.
   */
  private async resume(now: EpochMs): Promise<void> {
    const blindSpot = await this.pulses.resume(this.replica, now);
    if (!this.recording || blindSpot)
      this.log.log({
        msg: 'heartbeats are being recorded',
        ...(blindSpot ? { blindMs: blindSpot.to - blindSpot.from } : {}),
      });
    this.recording = true;
  }

  private putBack(batch: readonly Heartbeat[]): void {
    for (const beat of batch) {
      if (!this.waiting.has(beat.uid)) this.waiting.set(beat.uid, beat);
    }
  }
}

function isLater(beat: Heartbeat, known: Heartbeat): boolean {
  return beat.bootId === known.bootId ? beat.seq > known.seq : beat.lastSeen >= known.lastSeen;
}
