import type { HeartbeatRequest, HeartbeatResponse, ReportedCondition, Resources } from '../client/index.js';
import { backoffDelay, jittered, type Random } from './process/backoff.js';
import type { AgentClock } from './process/agent-clock.js';
import { Refused, Unavailable, type ControlPlane } from './control-plane/control-plane.js';
import type { ToldConditions } from './fitness/told-conditions.js';
import { EXIT, FatalError } from './process/exit-codes.js';
import type { Membership } from './membership/membership.js';
import { repeat } from './process/repeat.js';
import type { ResourceReader } from './resources/machine-resources.js';
import { longestRetry, untilNextHeartbeat } from './process/schedule.js';
import type { SessionHost } from './sessions/session-host.js';
import type { Settings } from './settings.js';
import type { StatusLog } from './membership/status-log.js';

/** How often a refused node asks again, in milliseconds. */
const ASK_AGAIN_MS = 30_000;
const ASK_AGAIN_JITTER = 0.1;
const FIRST_BACKOFF_MS = 500;

export interface HeartbeatParts {
  settings: Settings;
  plane: ControlPlane;
  membership: Membership;
  resources: ResourceReader;
  /** Usage of sessions, sent with that of the machine; absent for a node without sessions. */
  sessions?: Pick<SessionHost, 'load'>;
  /** Results of the node's checks; absent for a node without checks. */
  conditions?: ToldConditions | undefined;
  /** Called with every answer of the api. */
  hear?: readonly { accepted(response: HeartbeatResponse): void; refused?(refused: Refused): void }[];
  status: StatusLog;
  clock: AgentClock;
  random: Random;
  bootId: string;
}

/** Sends heartbeats and handles the cluster's answers. */
export class HeartbeatLoop {
  private seq = 0;
  private failures = 0;
  private heard = false;
  /** Interval that the orchestrator asked for last, in milliseconds. */
  private askedMs: number | undefined;

  constructor(private readonly parts: HeartbeatParts) {}

  /**
   * Runs until `stop`.
   * @throws FatalError if the node was removed
   */
  async run(stop: AbortSignal): Promise<void> {
    await repeat((signal) => this.beat(signal), this.parts.clock, stop);
  }

  /** Sends one heartbeat; returns the wait before the next, in milliseconds. */
  private async beat(stop: AbortSignal): Promise<number> {
    const { membership, plane, status, settings, random } = this.parts;
    const reading = await this.read();
    const conditions = this.parts.conditions?.offer();
    try {
      const response = await membership.call(
        (accessToken) => plane.heartbeat(accessToken, () => this.body(reading, conditions), stop),
        stop,
      );
      this.accepted(response);
      status.accepted(response);
      return untilNextHeartbeat(response.nextHeartbeatMs, settings.heartbeatIntervalMs, random);
    } catch (error) {
      if (error instanceof Unavailable) return this.unavailable(error);
      if (error instanceof Refused) return this.refused(error, stop);
      throw error;
    }
  }

  private async read(): Promise<Resources> {
    const { resources, sessions } = this.parts;
    const [machine, load] = await Promise.all([resources.read(), sessions?.load()]);
    // The client's type and the contract's differ in whether `sessions` may be undefined; JSON has no such distinction.
    return (load ? { ...machine, sessions: load } : machine) as Resources;
  }

  /** An attempt whose answer was lost may have arrived, so every attempt gets a seq of its own. */
  private body(resources: Resources, conditions: ReportedCondition[] | undefined): HeartbeatRequest {
    const { bootId, settings } = this.parts;
    return {
      bootId,
      seq: ++this.seq,
      intervalMs: settings.heartbeatIntervalMs,
      resources,
      ...(conditions && { conditions }),
    };
  }

  private accepted(response: HeartbeatResponse): void {
    this.heard = true;
    this.failures = 0;
    this.askedMs = response.nextHeartbeatMs;
    this.parts.conditions?.accepted(response);
    for (const listener of this.parts.hear ?? []) listener.accepted(response);
  }

  private unavailable({ message, retryAfterMs }: Unavailable): number {
    const { status, settings, random } = this.parts;
    this.failures += 1;
    this.parts.conditions?.lost();
    status.unreachable(message);
    return backoffDelay(
      this.failures,
      { baseMs: FIRST_BACKOFF_MS, capMs: longestRetry(this.askedMs, settings.heartbeatIntervalMs) },
      random,
      retryAfterMs,
    );
  }

  private async refused(refused: Refused, stop: AbortSignal): Promise<number> {
    const { membership, status, settings, random } = this.parts;
    this.failures = 0;
    for (const listener of this.parts.hear ?? []) listener.refused?.(refused);
    const askAgain = () => jittered(ASK_AGAIN_MS, ASK_AGAIN_JITTER, random);
    switch (refused.status) {
      case 401:
        if (await membership.renew(stop)) return 0;
        status.credentialRefused(refused);
        return askAgain();
      case 403:
        this.heard = true;
        status.rejected(refused);
        return askAgain();
      case 410:
        // A token configured since then is the operator's word that this machine is to join again; but only when the agent starts,
        // or a removed node would come back by itself with a token that was left in the file.
        if (!this.heard && (await membership.renew(stop))) return 0;
        throw removed(membership.registration.id);
      case 409:
        status.superseded(refused);
        return untilNextHeartbeat(undefined, settings.heartbeatIntervalMs, random);
      default:
        status.misunderstood(refused);
        return untilNextHeartbeat(undefined, settings.heartbeatIntervalMs, random);
    }
  }
}

function removed(id: string): FatalError {
  return new FatalError(
    `${id} was removed from the cluster; to bring this machine back, set Compute.Auth.Token to a new token ("rollcall node register ${id}") and start the agent again`,
    EXIT.removed,
  );
}
