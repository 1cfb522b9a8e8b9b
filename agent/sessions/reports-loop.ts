import { backoffDelay, jittered, type Random } from '../process/backoff.js';
import type { AgentClock } from '../process/agent-clock.js';
import { inWords, Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import type { Log } from '../process/log.js';
import type { Membership } from '../membership/membership.js';
import { repeat } from '../process/repeat.js';
import type { SessionHost } from './session-host.js';

/** Changes within this time, in milliseconds, go into one report. */
const COALESCE_MS = 250;
const FIRST_BACKOFF_MS = 500;
const ASK_AGAIN_MS = 30_000;
const ASK_AGAIN_JITTER = 0.1;
/** A report that nothing calls for, in milliseconds: there is none. */
const NEVER_MS = 2 ** 31 - 1;
/** Refusals of the node as such: the heartbeat hears and tells them too. */
const REFUSALS_OF_THE_NODE = new Set([401, 403, 410]);

export interface ReportsLoopParts {
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

/** Tells the cluster which sessions the node has and how others ended: at once when that changes, and again until it was taken. */
export class ReportsLoop {
  private seq = 0;
  private failures = 0;
  private refusal: string | undefined;

  constructor(private readonly parts: ReportsLoopParts) {}

  /** Until `stop`. The first report comes at once: the cluster has to hear that no session outlived the last boot. */
  async run(stop: AbortSignal): Promise<void> {
    const { host, clock } = this.parts;
    await repeat(
      async (signal) => {
        const waitMs = await this.report(signal);
        // What has failed waits for its turn; what was taken waits for something new.
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        else await host.changed.rest(NEVER_MS, clock, signal);
        return COALESCE_MS;
      },
      clock,
      stop,
    );
  }

  /** The last words of an agent that stops: how its sessions ended. Gives up when `stop` is aborted; then the next start tells it. */
  async finish(stop: AbortSignal): Promise<void> {
    const { host } = this.parts;
    try {
      while (host.changed.isRung || host.hasEnded) await this.send(stop);
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof Refused) && !stop.aborted) throw error;
    }
  }

  /** One report; returns how long to wait before it is tried again, in milliseconds, or 0 where it was taken and nothing is left. */
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
      // A report whose answer was lost may have been taken: the next one has a higher seq.
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
        // What it said is still unsaid.
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
