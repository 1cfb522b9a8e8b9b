import { OwnAccessToken } from './own-access-token.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { ControlPlane } from '../control-plane/control-plane.js';
import type { IdentityStore } from './identity-store.js';
import type { Registration } from './identity.js';
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

/** This machine's place in the cluster: who it is there, and the access tokens that go with it. */
export class Membership {
  private constructor(
    private readonly parts: MembershipParts,
    private current: Registration,
    private tokens: OwnAccessToken,
    /** Whether this very process registered the node, and so has just sent its information. */
    readonly isNew: boolean,
  ) {}

  /**
   * The place that the node has, or a new one.
   * @throws FatalError where it has none and cannot get one
   */
  static async establish(parts: MembershipParts, stop: AbortSignal): Promise<Membership> {
    const identity = await parts.store.load();
    const registration = identity.registration ?? (await parts.registrar.join(identity, stop));
    return new Membership(parts, registration, tokensFor(registration, parts), identity.registration === null);
  }

  get registration(): Registration {
    return this.current;
  }

  /** @throws Refused with status 401 where the node's credential is not good any more: then {@link renew} it */
  call<Result>(make: (accessToken: string) => Promise<Result>, stop: AbortSignal): Promise<Result> {
    return this.tokens.with(make, stop);
  }

  /** @returns false where there is no token to get a new credential with */
  async renew(stop: AbortSignal): Promise<boolean> {
    const registration = await this.parts.registrar.rejoin(await this.parts.store.load(), stop);
    if (!registration) return false;
    this.current = registration;
    this.tokens = tokensFor(registration, this.parts);
    return true;
  }
}

function tokensFor(registration: Registration, { plane, clock, random, log }: MembershipParts): OwnAccessToken {
  return new OwnAccessToken(plane, clock, random, log, registration);
}
