import { OwnAccessToken } from './own-access-token.js';
import { isoTime } from '../../contract/iso-time.js';
import type { AgentClock } from '../process/agent-clock.js';
import { Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import type { IdentityStore } from './identity-store.js';
import { newPrivateKey, type PrivateKey, type Registration } from './identity.js';
import type { Log } from '../process/log.js';
import type { Random } from '../process/backoff.js';
import type { Registrar } from './registrar.js';

export interface MembershipParts {
  plane: ControlPlane;
  store: IdentityStore;
  registrar: Registrar;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** This machine's membership in the cluster: its identity there, and its access tokens. */
export class Membership {
  /** A change of the credential that is under way; changes never overlap. Never rejects. */
  private changing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly parts: MembershipParts,
    private current: Registration,
    private tokens: OwnAccessToken,
    /** Whether this process registered the node, and so has just sent its information. */
    readonly isNew: boolean,
  ) {}

  /**
   * Resumes the registration, or joins.
   * @throws FatalError if the node has no registration and cannot join
   */
  static async establish(parts: MembershipParts, stop: AbortSignal): Promise<Membership> {
    const identity = await parts.store.load();
    const registration = identity.registration ?? (await parts.registrar.join(identity, stop));
    return new Membership(parts, registration, tokensFor(registration, parts), identity.registration === null);
  }

  get registration(): Registration {
    return this.current;
  }

  /** @throws Refused with status 401 if the node's credential is no longer valid: then {@link renew} it */
  async call<Result>(make: (accessToken: string) => Promise<Result>, stop: AbortSignal): Promise<Result> {
    const { tokens } = this;
    try {
      return await tokens.with(make, stop);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      // The key may have been replaced meanwhile.
      await this.changing;
      if (this.tokens === tokens) throw error;
      return this.tokens.with(make, stop);
    }
  }

  /**
   * Gets a valid credential when the present one no longer is: by the key that was to replace it, or by a token.
   * @returns false if there is neither
   */
  renew(stop: AbortSignal): Promise<boolean> {
    return this.exclusively(async () => {
      const identity = await this.parts.store.load();
      const { registration: stored } = identity;
      if (stored !== null && stored.privateKey.x !== this.current.privateKey.x) {
        // Another process of this node may have changed it, such as a version on trial, or a person restored the file.
        this.follow(stored);
        return true;
      }
      if (identity.candidate !== null && (await this.isOurs(identity.candidate, stop))) {
        await this.adopt(identity.candidate);
        return true;
      }
      const registration = await this.parts.registrar.rejoin(identity, stop);
      if (!registration) return false;
      this.follow(registration);
      return true;
    });
  }

  /**
   * Replaces the node's key. The new key is on disk before it is sent, so whenever this process dies, the next one has the valid key.
   * @throws Refused; Unavailable; FatalError if the key cannot be saved, in which case nothing has changed
   */
  rotateKey(stop: AbortSignal): Promise<void> {
    return this.exclusively(async () => {
      const { candidate } = await this.parts.store.load();
      // The replacement is in force even if it could not be saved as the present key.
      const isPresent = candidate?.x === this.current.privateKey.x;
      const next = candidate === null || isPresent ? newPrivateKey() : candidate;
      await this.parts.store.save({ registration: this.current, candidate: next });
      await this.tokens.rotateTo(next, stop);
      await this.adopt(next);
    });
  }

  /** When the present key came into use, in milliseconds since 1970. */
  get keySince(): number {
    return Date.parse(this.current.keySince ?? this.current.registeredAt);
  }

  /** Whether the answer to a request for this key was lost, and the orchestrator knows the node by it. */
  private async isOurs(candidate: PrivateKey, stop: AbortSignal): Promise<boolean> {
    try {
      await tokensFor({ ...this.current, privateKey: candidate }, this.parts).prove(stop);
      return true;
    } catch (error) {
      if (error instanceof Refused || error instanceof Unavailable) return false;
      throw error;
    }
  }

  private async adopt(privateKey: PrivateKey): Promise<void> {
    const { store, clock, log } = this.parts;
    this.follow({ ...this.current, privateKey, keySince: isoTime(clock.now()) });
    try {
      await store.save({ registration: this.current, candidate: null });
    } catch (error) {
      // It is saved as the pending key, and is found there.
      log.warn((error as Error).message);
    }
  }

  private follow(registration: Registration): void {
    this.current = registration;
    this.tokens = tokensFor(registration, this.parts);
  }

  private exclusively<Result>(change: () => Promise<Result>): Promise<Result> {
    const changed = this.changing.then(change);
    this.changing = changed.catch(() => undefined);
    return changed;
  }
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof Refused && error.status === 401;
}

function tokensFor(registration: Registration, { plane, clock, random, log }: MembershipParts): OwnAccessToken {
  return new OwnAccessToken(plane, clock, random, log, registration);
}
