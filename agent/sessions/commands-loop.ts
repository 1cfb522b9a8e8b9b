import { backoffDelay, jittered, type Random } from '../process/backoff.js';
import type { AgentClock } from '../process/agent-clock.js';
import { Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import type { Membership } from '../membership/membership.js';
import { repeat } from '../process/repeat.js';
import type { SessionHost } from './session-host.js';
import { Wake } from '../process/wake.js';

/** How long the api may hold the request while there are no commands, in seconds. */
const WAIT_S = 25;
/** Minimum time between requests that got commands, in milliseconds: the api repeats commands until it has the report of their outcome. */
const LEAST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_000;
const FIRST_BACKOFF_MS = 500;
/** How often a refused node asks again, in milliseconds. Its heartbeat learns the reason and logs it. */
const ASK_AGAIN_MS = 30_000;
const ASK_AGAIN_JITTER = 0.1;

export interface CommandsLoopParts {
  plane: ControlPlane;
  membership: Membership;
  host: SessionHost;
  clock: AgentClock;
  random: Random;
  /** Maximum wait after a failure, in milliseconds. */
  longestBackoffMs: number;
}

/** Requests commands to start and end sessions, by long polling. */
export class CommandsLoop {
  private readonly hint = new Wake();
  private failures = 0;
  private pauseMs = LEAST_PAUSE_MS;

  constructor(private readonly parts: CommandsLoopParts) {}

  /** A heartbeat's answer says that there are commands: the request under way does not seem to get through. */
  askNow(): void {
    this.hint.ring();
  }

  /** Runs until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    await repeat(
      async (signal) => {
        await this.hint.rest(await this.ask(signal), clock, signal);
        return 0;
      },
      clock,
      stop,
    );
  }

  /** Sends one request; returns the wait before the next, in milliseconds. */
  private async ask(stop: AbortSignal): Promise<number> {
    const { plane, membership, host, random, longestBackoffMs } = this.parts;
    try {
      // The hint aborts only the request itself: access tokens are fetched for the heartbeat too.
      const commands = await membership.call(
        (accessToken) => this.hint.whileResting(stop, (until) => plane.commands(accessToken, WAIT_S, until)),
        stop,
      );
      this.failures = 0;
      const changed = [
        ...commands.terminate.map((termination) => host.terminate(termination)),
        ...commands.open.map((order) => host.open(order)),
      ];
      if (commands.report) host.changed.ring();
      return this.pauseAfter(commands.report || changed.length > 0, changed.includes(true));
    } catch (error) {
      if (this.hint.isRung && !stop.aborted) return 0;
      if (error instanceof Unavailable)
        return backoffDelay(
          ++this.failures,
          { baseMs: FIRST_BACKOFF_MS, capMs: longestBackoffMs },
          random,
          error.retryAfterMs,
        );
      if (error instanceof Refused) return jittered(ASK_AGAIN_MS, ASK_AGAIN_JITTER, random);
      throw error;
    }
  }

  private pauseAfter(wasTold: boolean, isNew: boolean): number {
    if (!wasTold) return 0;
    this.pauseMs = isNew ? LEAST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    return this.pauseMs;
  }
}
