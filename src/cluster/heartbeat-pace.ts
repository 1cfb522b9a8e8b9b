import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { pacedIntervalMs, type HeartbeatPacing } from '../../contract/heartbeat-pace.js';
import { FleetSize } from './fleet-size.js';
import { InjectConfig } from '../process/config.js';

/** How often nodes are told to beat: as configured, and less often in a fleet whose heartbeats would be more than MaxHeartbeatsPerSecond. */
@Injectable()
export class HeartbeatPace {
  private readonly pacing: HeartbeatPacing;

  constructor(
    private readonly fleet: FleetSize,
    @InjectConfig() { Compute, Orchestrator }: Config,
  ) {
    this.pacing = {
      intervalMs: Compute.Heartbeat.Interval,
      maxPerSecond: Orchestrator.NodeManager.MaxHeartbeatsPerSecond,
    };
  }

  /** Whatever the fleet's size: Compute.Heartbeat.Interval, in milliseconds. */
  get configuredMs(): number {
    return this.pacing.intervalMs;
  }

  /** For the fleet as it is now, in milliseconds. Longer than the configured one while the pace is stretched. */
  get intervalMs(): number {
    return pacedIntervalMs(this.pacing, this.fleet.current);
  }

  /** Nodes are told to beat less often than configured, including those that ask to beat more often. */
  get isStretched(): boolean {
    return this.intervalMs > this.configuredMs;
  }
}
