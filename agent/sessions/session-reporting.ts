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

/** How often expired results are removed, in milliseconds. */
const SWEEP_EVERY_MS = 60_000;
/** Maximum wait for the last report when the agent stops, in milliseconds. */
const LAST_REPORT_MS = 3_000;

export interface SessionReportingParts {
  plane: ControlPlane;
  membership: Membership;
  host: SessionHost;
  clock: AgentClock;
  random: Random;
  log: Log;
  bootId: string;
  /** Maximum wait after a failure, in milliseconds. */
  longestBackoffMs: number;
}

/** The exchange about sessions with the cluster: commands from it, and reports to it. */
export class SessionReporting {
  private readonly commands: CommandsLoop;
  private readonly reports: ReportsLoop;
  /** A node has no sessions before it is approved, and its requests are refused. */
  private approve: () => void = () => undefined;
  private readonly approved = new Promise<void>((resolve) => (this.approve = resolve));

  constructor(private readonly parts: SessionReportingParts) {
    this.commands = new CommandsLoop(parts);
    this.reports = new ReportsLoop(parts);
  }

  /** Runs until `stop`. Sends nothing before the node is approved. */
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

  /** Handles the answer to a heartbeat. */
  accepted({ approval, commands }: HeartbeatResponse): void {
    if (approval === 'APPROVED') this.approve();
    if (commands) this.commands.askNow();
  }

  /** A heartbeat was refused: a rejected or removed node runs nothing. */
  refused({ status, message }: Refused): void {
    if (status === 403 || status === 410) this.parts.host.endAll('the cluster', message);
  }

  /** Ends the agent's own sessions; none of them runs once this resolves. */
  async stop(): Promise<void> {
    await this.parts.host.close('the agent was stopped');
    await this.reports.finish(AbortSignal.timeout(LAST_REPORT_MS));
  }

  private async sweep(stop: AbortSignal): Promise<number> {
    if (!stop.aborted) await this.parts.host.sweep();
    return SWEEP_EVERY_MS;
  }
}
