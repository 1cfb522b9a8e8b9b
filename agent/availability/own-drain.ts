import type { OwnAvailability, OwnAvailabilityRequest } from '../../client/index.js';
import { inWords, Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import type { Membership } from '../membership/membership.js';
import type { AgentClock } from '../process/agent-clock.js';
import { backoffDelay, type Random } from '../process/backoff.js';
import type { Log } from '../process/log.js';
import { Wake } from '../process/wake.js';
import type { DrainCause, DrainNote, DrainNoteFile } from './drain-note.js';

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };

export type DrainWish = Omit<OwnAvailabilityRequest, 'value'>;

export interface OwnDrainParts {
  plane: Pick<ControlPlane, 'decideAvailability' | 'ownAvailability'>;
  note: Pick<DrainNoteFile, 'read' | 'write'>;
  /** Causes of earlier processes' drains after which this process brings the node back by itself. */
  bringsBack: readonly DrainCause[];
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** A node's decisions about itself: to be taken out, and to come back if nobody else took it out. */
export class OwnDrain {
  private membership: Membership | undefined;
  private readonly joined = new Wake();

  constructor(private readonly parts: OwnDrainParts) {}

  /** Brings back what an earlier process took out, once the node has joined. Ends then, or with `stop`. */
  async run(membership: Membership, stop: AbortSignal): Promise<void> {
    this.membership = membership;
    this.joined.ring();
    const { bringsBack, clock, random, log } = this.parts;
    const note = await this.note();
    if (note === undefined || !bringsBack.includes(note.cause)) return;
    for (let failures = 1; !stop.aborted; failures++) {
      try {
        await this.end(note.cause, 'its agent is back', stop);
        return;
      } catch (error) {
        if (stop.aborted) return;
        if (!(error instanceof Unavailable))
          return log.warn(`${this.id} does not come back by itself: ${whyNotDecided(error)}`);
        await clock.sleep(backoffDelay(failures, BACKOFF, random, error.retryAfterMs), stop);
      }
    }
  }

  get id(): string | undefined {
    return this.membership?.registration.id;
  }

  /**
   * Takes the node out. If it is out already, that stays as it is, whoever took it out.
   * @throws Refused, Unavailable
   */
  async begin(cause: DrainCause, wish: DrainWish, stop: AbortSignal): Promise<OwnAvailability> {
    const before = await this.note();
    // A person's command on the machine outlasts other causes.
    const note = before?.cause === 'command' ? before : { uid: this.uid, cause };
    // Written before the request, since it may succeed and its answer be lost.
    await this.parts.note.write(note);
    try {
      const answer = await this.call(
        (token) => this.parts.plane.decideAvailability(token, { value: 'DRAINED', ...wish }, stop),
        stop,
      );
      if (!answer.own) await this.parts.note.write(undefined);
      return answer;
    } catch (error) {
      if (error instanceof Refused) await this.parts.note.write(before);
      throw error;
    }
  }

  /**
   * Brings the node back if it took itself out for this cause.
   * @param cause a person's command ends every decision of the node's own
   * @returns undefined if it is out for another cause, or did not take itself out
   * @throws Refused if somebody else took it out, Unavailable
   */
  async end(cause: DrainCause, reason: string, stop: AbortSignal): Promise<OwnAvailability | undefined> {
    const note = await this.note();
    if (cause !== 'command' && note?.cause !== cause) return undefined;
    try {
      const answer = await this.call(
        (token) => this.parts.plane.decideAvailability(token, { value: 'ACTIVE', reason }, stop),
        stop,
      );
      await this.parts.note.write(undefined);
      this.parts.log.info(
        answer.availability === 'ACTIVE'
          ? `${this.id} takes sessions again: ${reason}`
          : `${this.id} is out as before, by ${answer.by}: ${answer.reason}`,
      );
      return answer;
    } catch (error) {
      if (error instanceof Refused && error.status === 409) await this.parts.note.write(undefined);
      throw error;
    }
  }

  /** The node's availability, after up to `waitS` seconds until it is drained. @throws Refused, Unavailable */
  look(waitS: number, stop: AbortSignal): Promise<OwnAvailability> {
    return this.call((token) => this.parts.plane.ownAvailability(token, waitS, stop), stop);
  }

  /** Why the node took itself out, as far as this machine knows. */
  async cause(): Promise<DrainCause | undefined> {
    return (await this.note())?.cause;
  }

  /** Resolves once the node has joined, or at `stop`. */
  async untilJoined(stop: AbortSignal): Promise<void> {
    while (this.membership === undefined && !stop.aborted) await this.joined.rest(86_400_000, this.parts.clock, stop);
  }

  private async note(): Promise<DrainNote | undefined> {
    return this.membership && this.parts.note.read(this.uid);
  }

  private get uid(): string {
    return this.membership?.registration.uid ?? '';
  }

  private call<Result>(make: (accessToken: string) => Promise<Result>, stop: AbortSignal): Promise<Result> {
    if (this.membership === undefined) throw new Unavailable('this machine has not joined the cluster yet');
    return this.membership.call(make, stop);
  }
}

/** Why the node could not decide about itself, with the remedy. */
export function whyNotDecided(error: unknown): string {
  if (!(error instanceof Refused)) return (error as Error).message;
  return error.status === 404
    ? 'its api is of an earlier version, in which no node decides about itself; an administrator can (rollcall node deactivate, rollcall node activate)'
    : inWords(error.fault);
}
