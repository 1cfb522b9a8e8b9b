import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { ProblemError } from '../http/problem-error.js';
import { InjectConfig } from '../process/config.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

type Refusal = 'stalled' | 'full';

/** Decides whether heartbeats can be accepted at the moment. */
@Injectable()
export class HeartbeatAdmission {
  private readonly maxPerSecond: number;
  private readonly refusals: Readonly<Record<Refusal, Count>>;

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly fleet: FleetSize,
    metrics: MetricRegistry,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.maxPerSecond = Orchestrator.NodeManager.MaxHeartbeatsPerSecond;
    this.refusals = metrics.counts(
      'rollcall_heartbeat_refusals_total',
      'Heartbeats that were turned away: MongoDB does not take them (stalled), or not so many (full)',
      'reason',
      ['stalled', 'full'],
    );
  }

  /** Whether {@link refusal} would accept a heartbeat. */
  takes(uid: string): boolean {
    return this.whyNot(uid) === undefined;
  }

  /**
   * Why a heartbeat is refused; undefined where it is accepted. Refused agents are told to retry after times that are spread out, at the rate that
   * the control plane can handle.
   * @param uid the node's, where it is known already
   */
  refusal(uid?: string): ProblemError | undefined {
    const reason = this.whyNot(uid);
    if (reason === undefined) return undefined;
    this.refusals[reason].inc();
    // A heartbeat that may be lost is not acknowledged, so that the agent retries.
    if (reason === 'stalled') {
      return new ProblemError(
        { code: 'UNAVAILABLE', detail: 'heartbeats cannot be recorded at the moment', hint: 'Try again in a moment' },
        this.retryAfter(),
      );
    }
    return new ProblemError(
      {
        code: 'TOO_MANY_REQUESTS',
        detail: 'more heartbeats come than can be written',
        hint: 'Try again in a moment',
      },
      this.retryAfter(),
    );
  }

  private whyNot(uid: string | undefined): Refusal | undefined {
    if (this.buffer.isStalled) return 'stalled';
    return uid !== undefined && this.buffer.isFullFor(uid) ? 'full' : undefined;
  }

  /** Header Retry-After, in whole seconds. */
  private retryAfter(): Record<string, string> {
    const spreadS = this.fleet.current / this.maxPerSecond;
    return { 'retry-after': String(1 + Math.floor(Math.random() * (1 + spreadS))) };
  }
}
