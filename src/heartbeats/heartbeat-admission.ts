import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { ProblemError } from '../http/problem-error.js';
import { InjectConfig } from '../process/config.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

type Refusal = 'stalled' | 'full';

/** Whether heartbeats are taken at the moment, whoever sends them. */
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

  /** Whether {@link refusal} would refuse nothing. */
  takes(uid: string): boolean {
    return this.whyNot(uid) === undefined;
  }

  /**
   * Why this heartbeat is not taken at the moment; undefined where it is. Refused agents are told to try again
   * spread over time, at the rate that the control plane can take.
   * @param uid of the node, where it is known already
   */
  refusal(uid?: string): ProblemError | undefined {
    const reason = this.whyNot(uid);
    if (reason === undefined) return undefined;
    this.refusals[reason].inc();
    // What may be lost is not acknowledged: the agent tries again.
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

  /** In whole seconds, which is what Retry-After takes. */
  private retryAfter(): Record<string, string> {
    const spreadS = this.fleet.current / this.maxPerSecond;
    return { 'retry-after': String(1 + Math.floor(Math.random() * (1 + spreadS))) };
  }
}
