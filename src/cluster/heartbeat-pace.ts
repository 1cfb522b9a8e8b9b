import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { pacedIntervalMs, type HeartbeatPacing } from '../../contract/heartbeat-pace.js';
import { FleetSize } from './fleet-size.js';
import { InjectConfig } from '../process/config.js';

/** The heartbeat interval that nodes are told: as configured, or longer where the fleet would exceed MaxHeartbeatsPerSecond. */
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

  /** Compute.Heartbeat.Interval, in milliseconds. */
  get configuredMs(): number {
    return this.pacing.intervalMs;
  }

  /** The interval for the fleet's present size, in milliseconds. */
  get intervalMs(): number {
    return pacedIntervalMs(this.pacing, this.fleet.current);
  }

  /** Whether the interval is longer than configured, which also overrides nodes' wishes for a shorter one. */
  get isStretched(): boolean {
    return this.intervalMs > this.configuredMs;
  }
}
