import { backoffDelay, jittered, type Random } from '../process/backoff.js';
import type { AgentClock } from '../process/agent-clock.js';
import { inWords, Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import type { Log } from '../process/log.js';
import type { Membership } from '../membership/membership.js';
import { repeat } from '../process/repeat.js';
import type { SessionHost } from './session-host.js';

/** Changes within this time, in milliseconds, are sent in one report. */
const COALESCE_MS = 250;
const FIRST_BACKOFF_MS = 500;
const ASK_AGAIN_MS = 30_000;
const ASK_AGAIN_JITTER = 0.1;
/** The wait without anything to report, in milliseconds. */
const NEVER_MS = 2 ** 31 - 1;
/** Refusals of the node itself, which the heartbeat reports too. */
const REFUSALS_OF_THE_NODE = new Set([401, 403, 410]);

export interface ReportsLoopParts {
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

/** Reports the node's sessions and their outcomes to the cluster: at once after a change, and again until it was accepted. */
export class ReportsLoop {
  private seq = 0;
  private failures = 0;
  private refusal: string | undefined;

  constructor(private readonly parts: ReportsLoopParts) {}

  /** Runs until `stop`. The first report is sent at once, so that the cluster learns that no session outlived the last boot. */
  async run(stop: AbortSignal): Promise<void> {
    const { host, clock } = this.parts;
    await repeat(
      async (signal) => {
        const waitMs = await this.report(signal);
        // After a failure it waits its time; after a success, for something new.
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        else await host.changed.rest(NEVER_MS, clock, signal);
        return COALESCE_MS;
      },
      clock,
      stop,
    );
  }

  /** The last report of an agent that stops: how its sessions ended. Gives up when `stop` is aborted; then the next start reports it. */
  async finish(stop: AbortSignal): Promise<void> {
    const { host } = this.parts;
    try {
      while (host.changed.isRung || host.hasEnded) await this.send(stop);
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof Refused) && !stop.aborted) throw error;
    }
  }

  /** Sends one report; returns the wait before it is tried again, in milliseconds, or 0 if it was accepted and nothing is left. */
  private async report(stop: AbortSignal): Promise<number> {
    const { random, longestBackoffMs } = this.parts;
    try {
      do await this.send(stop);
      while (this.parts.host.hasEnded);
      this.failures = 0;
      this.refusal = undefined;
      return 0;
    } catch (error) {
      if (error instanceof Unavailable)
        return backoffDelay(
          ++this.failures,
          { baseMs: FIRST_BACKOFF_MS, capMs: longestBackoffMs },
          random,
          error.retryAfterMs,
        );
      if (!(error instanceof Refused)) throw error;
      // A report whose answer was lost may have been accepted: the next one has a higher seq.
      if (error.status === 409)
        return backoffDelay(++this.failures, { baseMs: FIRST_BACKOFF_MS, capMs: longestBackoffMs }, random);
      if (!REFUSALS_OF_THE_NODE.has(error.status)) this.tell(error);
      return jittered(ASK_AGAIN_MS, ASK_AGAIN_JITTER, random);
    }
  }

  private async send(stop: AbortSignal): Promise<void> {
    const { plane, membership, host, bootId } = this.parts;
    host.changed.clear();
    const [live, ended] = [host.live, host.nextEnded()];
    const answer = await membership
      .call((accessToken) => plane.reportSessions(accessToken, { bootId, seq: ++this.seq, live, ended }, stop), stop)
      .catch((error: unknown) => {
        // Its content is still unreported.
        host.changed.ring();
        throw error;
      });
    await host.heard(ended);
    for (const id of answer.terminate)
      host.terminate({ id, by: 'the cluster', reason: 'the cluster holds it for ended' });
  }

  private tell({ status, fault, message }: Refused): void {
    if (this.refusal !== message)
      this.parts.log.error({ status }, `the orchestrator refuses this node's sessions: ${inWords(fault)}`);
    this.refusal = message;
  }
}
