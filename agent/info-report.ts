import { backoffDelay, type Random } from './process/backoff.js';
import type { AgentClock } from './process/agent-clock.js';
import { inWords, Refused, Unavailable, type ControlPlane } from './control-plane/control-plane.js';
import type { InfoCollector } from './info/inventory.js';
import type { Log } from './process/log.js';
import type { Membership } from './membership/membership.js';
import { repeat } from './process/repeat.js';
import { Wake } from './process/wake.js';
import { untilNextInfo } from './process/schedule.js';
import type { Settings } from './settings.js';

const FIRST_BACKOFF_MS = 1_000;
/** Refusals of the node itself, which the heartbeat reports too. */
const REFUSALS_OF_THE_NODE = new Set([401, 403, 410]);

export interface InfoReportParts {
  settings: Settings;
  plane: ControlPlane;
  membership: Membership;
  info: InfoCollector;
  /** Rung when something changed that is to be reported at once. */
  infoChanged?: Wake | undefined;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** Reports the node's information every InfoUpdateInterval. */
export class InfoReport {
  private failures = 0;
  private refusal: string | undefined;

  constructor(private readonly parts: InfoReportParts) {}

  /** Runs until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const { membership, settings, clock, random, infoChanged = new Wake() } = this.parts;
    if (membership.isNew) await infoChanged.rest(untilNextInfo(settings.infoIntervalMs, random), clock, stop);
    await repeat(
      async (signal) => {
        await infoChanged.rest(await this.report(signal), clock, signal);
        return 0;
      },
      clock,
      stop,
    );
  }

  /** Sends one report; returns the wait before the next, in milliseconds. */
  private async report(stop: AbortSignal): Promise<number> {
    const { membership, plane, settings, random } = this.parts;
    const info = await this.parts.info.collect();
    try {
      await membership.call((accessToken) => plane.putInfo(accessToken, info, stop), stop);
      this.failures = 0;
      this.refusal = undefined;
    } catch (error) {
      if (error instanceof Unavailable) {
        this.failures += 1;
        return backoffDelay(
          this.failures,
          { baseMs: FIRST_BACKOFF_MS, capMs: settings.infoIntervalMs },
          random,
          error.retryAfterMs,
        );
      }
      if (!(error instanceof Refused)) throw error;
      if (!REFUSALS_OF_THE_NODE.has(error.status)) this.tell(error);
    }
    return untilNextInfo(settings.infoIntervalMs, random);
  }

  private tell({ status, fault, message }: Refused): void {
    if (this.refusal !== message)
      this.parts.log.error({ status }, `the orchestrator refuses this node's information: ${inWords(fault)}`);
    this.refusal = message;
  }
}
