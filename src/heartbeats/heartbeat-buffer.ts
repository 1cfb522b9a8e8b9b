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

/** From one round's end to the next one's begin, in milliseconds: how long a heartbeat waits to be written at most, where few come. */
const ROUND_PAUSE_MS = 250;
/** So few are written at once that nobody is held up by it: neither the heartbeats that come meanwhile nor whoever else asks MongoDB. */
const AT_ONCE = 500;
/**
 * So many are written in a second at most, and to half of the time at most: what comes faster than that makes room for its successors.
 * It is twice the pace that a fleet is told by default (MaxHeartbeatsPerSecond), and a sixth of a core of MongoDB.
 */
const MOST_PER_SECOND = 4_000;
/** A write that takes longer than this, in milliseconds, is as bad as one that failed: nobody knows whether it gets through. */
const SLOW_WRITE_MS = 2_000;
/** More than can be written in this time, in milliseconds, is not taken in. */
const WRITTEN_WITHIN_MS = 10_000;
/** So many are always taken in. */
const LEAST_CAPACITY = 2_000;
/** How much the latest write counts in what is known of the writes' pace. */
const LATEST_SHARE = 0.2;

/**
 * Heartbeats on their way into the record: the latest of each node, written together a few times a second. So it never
 * holds more than one per node, however long the record is away. While it is away the buffer says so, and the api turns
 * heartbeats away instead of acknowledging what may be lost.
 */
@Injectable()
export class HeartbeatBuffer {
  private waiting = new Map<string, Heartbeat>();
  /** Recording works: heartbeats get through, and pulses say so. False until the first round, and after a failed one. */
  private recording = false;
  private writeBegan: EpochMs | undefined;
  private lastPulse: EpochMs = 0;
  private complained = false;
  private readonly rounds = new RepeatedWork(() => this.flush().then(() => ROUND_PAUSE_MS));
  private round: Promise<void> | undefined;
  private stopped = false;
  private capacity = Number.POSITIVE_INFINITY;
  private readonly writes: Histogram;
  private readonly failures: Counter;
  /** Hears of heartbeats that were written and changed nothing: of nodes that were removed, or heard by another replica since. */
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

  /** Heartbeats would not get into the record now: answer 503, and the agents try again. */
  get isStalled(): boolean {
    return !this.recording || (this.writeBegan !== undefined && this.clock.now() - this.writeBegan > SLOW_WRITE_MS);
  }

  /** More nodes' heartbeats come than can be written: answer 429 to those that would be one more. */
  isFullFor(uid: string): boolean {
    return this.waiting.size >= this.capacity && !this.waiting.has(uid);
  }

  /** How many heartbeats wait to be written. */
  get size(): number {
    return this.waiting.size;
  }

  /** Takes a heartbeat. @returns false where a later one of the same boot waits already: this one changes nothing. */
  add(beat: Heartbeat): boolean {
    const known = this.waiting.get(beat.uid);
    if (known && !isLater(beat, known)) return false;
    // The one that waits may be the first of its boot: its successor is then the first that the record hears of.
    const continuesBoot =
      beat.continuesBoot === true && (known?.bootId !== beat.bootId || known.continuesBoot === true);
    this.waiting.set(beat.uid, { ...beat, continuesBoot });
    return true;
  }

  /** The heartbeat that waits to be written, where one does: later than what the record holds. */
  latest(uid: string): Heartbeat | undefined {
    return this.waiting.get(uid);
  }

  /**
   * What is known of a node's last heartbeat, waiting or in the record.
   * @param bootId of the heartbeat that is to be compared with it
   */
  async last(uid: string, bootId: string): Promise<LastHeartbeat | undefined> {
    const waiting = this.latest(uid);
    if (waiting?.bootId === bootId) return { ...waiting, earlierBoots: [] };
    // Another boot's heartbeat waits: the record has to know of it before this one takes its place.
    if (waiting !== undefined) await this.flush();
    return (await this.heartbeats.read([uid])).get(uid);
  }

  start(): void {
    this.rounds.begin(0);
  }

  /** Writes what waits, and says for the last time that it was heard. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.rounds.end();
    await this.flush();
  }

  /** One round, now: for whoever must know that what was added is written (a goodbye). Never rejects. */
  async flush(): Promise<void> {
    // A round that runs already may have left without the latest.
    if (this.round) await this.round;
    this.round ??= this.runRound().finally(() => {
      this.round = undefined;
    });
    await this.round;
  }

  /** Writes what waits when it begins, each as it is by then. */
  private async runRound(): Promise<void> {
    let left = this.waiting.size;
    let batch: Heartbeat[] = [];
    try {
      // Once where none waits, too: a round says that the record can be written to.
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

  /** Those that wait longest: a later one of the same node has taken its predecessor's place. */
  private takeFirst(count: number): Heartbeat[] {
    const taken: Heartbeat[] = [];
    for (const [uid, beat] of this.waiting) {
      if (taken.length === count) break;
      taken.push(beat);
      this.waiting.delete(uid);
    }
    return taken;
  }

  /** @returns how long to rest after it, in milliseconds */
  private async write(beats: readonly Heartbeat[]): Promise<number> {
    this.writeBegan = this.clock.now();
    const superseded = await this.heartbeats.record(beats);
    const tookMs = this.clock.now() - this.writeBegan;
    // A round in which none waits writes nothing.
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
    const now = this.clock.now();
    const sinceLastMs = now - this.lastPulse;
    if (this.recording && sinceLastMs >= 0 && sinceLastMs < PULSE_EVERY_MS) return;
    // Before the last one: MongoDB's clock was set back.
    const isContinued =
      this.recording &&
      sinceLastMs >= 0 &&
      sinceLastMs <= PULSE_LATE_MS &&
      (await this.pulses.beat(this.replica, now, this.lastPulse));
    if (!isContinued) await this.resume(now);
    this.lastPulse = now;
  }

  /** After a failure; where the record was restored to before the last pulse, and has forgotten who was heard since; after a round that took so long that heartbeats were turned away; after the machine slept. */
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
