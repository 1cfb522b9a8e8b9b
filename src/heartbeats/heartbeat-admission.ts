import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { ProblemError } from '../http/problem-error.js';
import { InjectConfig } from '../process/config.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

/** Whether heartbeats are taken at the moment, whoever sends them. */
@Injectable()
export class HeartbeatAdmission {
  private readonly maxPerSecond: number;

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly fleet: FleetSize,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.maxPerSecond = Orchestrator.NodeManager.MaxHeartbeatsPerSecond;
  }

  /**
   * Why no heartbeat is taken at the moment; undefined where one is. Refused agents are told to try again
   * spread over time, at the rate that the control plane can take.
   * @param uid of the node, where it is known already
   */
  refusal(uid?: string): ProblemError | undefined {
    // What may be lost is not acknowledged: the agent tries again.
    if (this.buffer.isStalled) {
      return new ProblemError(
        { code: 'UNAVAILABLE', detail: 'heartbeats cannot be recorded at the moment', hint: 'Try again in a moment' },
        this.retryAfter(),
      );
    }
    if (uid !== undefined && this.buffer.isFullFor(uid)) {
      return new ProblemError(
        {
          code: 'TOO_MANY_REQUESTS',
          detail: 'more heartbeats come than can be written',
          hint: 'Try again in a moment',
        },
        this.retryAfter(),
      );
    }
    return undefined;
  }

  /** In whole seconds, which is what Retry-After takes. */
  private retryAfter(): Record<string, string> {
    const spreadS = this.fleet.current / this.maxPerSecond;
    return { 'retry-after': String(1 + Math.floor(Math.random() * (1 + spreadS))) };
  }
}
