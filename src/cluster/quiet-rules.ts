import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { Quiet } from '../../contract/health.js';
import type { EpochMs } from '../../contract/states.js';
import { InjectConfig } from '../process/config.js';

/** Configured limits of a node's silence. */
@Injectable()
export class QuietRules {
  private readonly intervalMs: number;
  private readonly missed: number;
  /** Silence after which a node with the configured interval is overdue, in milliseconds. */
  readonly timeoutMs: number;

  constructor(@InjectConfig() { Compute, Orchestrator }: Config) {
    this.intervalMs = Compute.Heartbeat.Interval;
    this.missed = Orchestrator.NodeManager.MissedHeartbeatsWarning;
    this.timeoutMs = Orchestrator.NodeManager.DisconnectTimeout;
  }

  at(now: EpochMs): Quiet {
    return { now, missed: this.missed, intervalMs: this.intervalMs };
  }
}
