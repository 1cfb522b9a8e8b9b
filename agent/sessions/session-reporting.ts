import type { HeartbeatResponse } from '../../client/index.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { ControlPlane, Refused } from '../control-plane/control-plane.js';
import type { Log } from '../process/log.js';
import type { Membership } from '../membership/membership.js';
import type { Random } from '../process/backoff.js';
import { repeat } from '../process/repeat.js';
import { CommandsLoop } from './commands-loop.js';
import { ReportsLoop } from './reports-loop.js';
import type { SessionHost } from './session-host.js';

/** How often results whose time is over are looked for, in milliseconds. */
const SWEEP_EVERY_MS = 60_000;
/** Whoever stops the agent waits no longer for the last report, in milliseconds. */
const LAST_REPORT_MS = 3_000;

export interface SessionReportingParts {
  plane: ControlPlane;
  membership: Membership;
  host: SessionHost;
  clock: AgentClock;
  random: Random;
  log: Log;
  bootId: string;
  /** No wait after a failure is longer, in milliseconds. */
  longestBackoffMs: number;
}

/** A node's sessions and the cluster: what it is told to begin and to end, and what it tells. */
export class SessionReporting {
  private readonly commands: CommandsLoop;
  private readonly reports: ReportsLoop;
  /** A node has no sessions before it is approved, and is told so where it asks. */
  private approve: () => void = () => undefined;
  private readonly approved = new Promise<void>((resolve) => (this.approve = resolve));

  constructor(private readonly parts: SessionReportingParts) {
    this.commands = new CommandsLoop(parts);
    this.reports = new ReportsLoop(parts);
  }

  /** Until `stop`. Nothing is asked or told before the node is approved. */
  async run(stop: AbortSignal): Promise<void> {
    const { host, clock } = this.parts;
    await host.recover();
    stop.addEventListener('abort', this.approve, { once: true });
    if (!stop.aborted) await this.approved;
    await Promise.all([
      this.commands.run(stop),
      this.reports.run(stop),
      repeat((signal) => this.sweep(signal), clock, stop),
    ]);
  }

  /** What a heartbeat was answered. */
  accepted({ approval, commands }: HeartbeatResponse): void {
    if (approval === 'APPROVED') this.approve();
    if (commands) this.commands.askNow();
  }

  /** A heartbeat was refused: a node that was rejected or removed runs nothing. */
  refused({ status, message }: Refused): void {
    if (status === 403 || status === 410) this.parts.host.endAll('the cluster', message);
  }

  /** Ends the agent's own sessions; once it returns none is left running. */
  async stop(): Promise<void> {
    await this.parts.host.close('the agent was stopped');
    await this.reports.finish(AbortSignal.timeout(LAST_REPORT_MS));
  }

  private async sweep(stop: AbortSignal): Promise<number> {
    if (!stop.aborted) await this.parts.host.sweep();
    return SWEEP_EVERY_MS;
  }
}
