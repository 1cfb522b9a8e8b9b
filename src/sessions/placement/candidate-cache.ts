import { Injectable } from '@nestjs/common';
import type { Config } from '../../../contract/config/schema.js';
import type { Quiet } from '../../../contract/health.js';
import type { EpochMs } from '../../../contract/states.js';
import { Clock } from '../../mechanics/clock.js';
import { InjectConfig } from '../../process/config.js';
import { type Candidate, CandidateStore } from './candidate.js';

/** Age after which the fleet is read again, in milliseconds; longer where reading it takes long. */
const FRESH_MS = 1_000;
/** Age beyond which callers wait for a new reading, in milliseconds. */
const STALE_MS = 3_000;
/** Maximum share of the time that is spent on reading. */
const READING_SHARE = 0.1;

/** The fleet as of a moment ago, read once for all sessions that are being placed, and not at all while none is. */
@Injectable()
export class CandidateCache {
  private known: Candidate[] = [];
  private readAt: EpochMs = Number.NEGATIVE_INFINITY;
  private tookMs = 0;
  private reading: Promise<void> | undefined;
  private readonly warning: Omit<Quiet, 'now'>;

  constructor(
    private readonly store: CandidateStore,
    private readonly clock: Clock,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.warning = { missed: Orchestrator.NodeManager.MissedHeartbeatsWarning, intervalMs: Compute.Heartbeat.Interval };
  }

  /** Candidates as of about a second ago. */
  async recent(): Promise<readonly Candidate[]> {
    const age = this.clock.now() - this.readAt;
    const freshMs = Math.max(FRESH_MS, this.tookMs / READING_SHARE);
    if (age <= freshMs) return this.known;
    const reading = this.read();
    if (age > Math.max(STALE_MS, 2 * freshMs)) await reading;
    // The caller uses what is known; a failure surfaces with the next reading.
    else reading.catch(() => undefined);
    return this.known;
  }

  /** Candidates as of now or later: a reading that began before the call does not count. */
  async fresh(): Promise<readonly Candidate[]> {
    const asked = this.clock.now();
    while (this.readAt < asked) await this.read();
    return this.known;
  }

  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    const began = this.clock.now();
    this.known = await this.store.read({ now: began, ...this.warning });
    this.readAt = began;
    this.tookMs = this.clock.now() - began;
  }
}
