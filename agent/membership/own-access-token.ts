import { createPrivateKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import type { AgentClock } from '../process/agent-clock.js';
import { Refused, type ControlPlane } from '../control-plane/control-plane.js';
import { publicKeyOf, type PrivateKey, type Registration } from './identity.js';
import type { Log } from '../process/log.js';
import { jittered, type Random } from '../process/backoff.js';
import { formatSpan } from '../../contract/duration.js';
import { ASSERTION_AUDIENCE, ASSERTION_MAX_AGE_S, ROTATION_AUDIENCE } from '../../contract/schemas/agents.js';

/** The share of its life after which a token is renewed, with jitter, so that a fleet that joined at once does not renew at once. */
const RENEW_AT = 2 / 3;
const RENEW_SPREAD = 1 / 4;
/** A clock offset above this, in milliseconds, may be why an assertion was refused. */
const CLOCK_TOLERANCE_MS = 10_000;

interface HeldToken {
  accessToken: string;
  renewAt: number;
}

/** Access tokens of one registration: fetched when needed, and renewed before they expire. */
export class OwnAccessToken {
  private held: HeldToken | undefined;
  private fetching: Promise<string> | undefined;
  /** How far the orchestrator's clock is ahead of this machine's, if that has mattered. */
  private clockOffsetMs = 0;

  constructor(
    private readonly plane: ControlPlane,
    private readonly clock: AgentClock,
    private readonly random: Random,
    private readonly log: Log,
    private readonly registration: Registration,
  ) {}

  /**
   * Makes a call with an access token, and again with a new one if the first is refused, since a restarted replica may not know it.
   * @throws Refused with status 401 if the node's credential itself is refused
   */
  async with<Result>(call: (accessToken: string) => Promise<Result>, stop: AbortSignal): Promise<Result> {
    const accessToken = await this.get(stop);
    try {
      return await call(accessToken);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      if (this.held?.accessToken === accessToken) this.held = undefined;
      return call(await this.get(stop));
    }
  }

  /**
   * Replaces the node's key. This object's tokens are invalid afterwards.
   * @throws Refused; Unavailable, in which case the key may have been replaced all the same
   */
  async rotateTo(next: PrivateKey, stop: AbortSignal): Promise<void> {
    const claims = { key: next.x };
    await this.asserting(async () =>
      this.plane.rotateKey(
        {
          publicKey: publicKeyOf(next),
          assertion: await this.assertion(this.registration.privateKey, ROTATION_AUDIENCE, claims),
          proof: await this.assertion(next, ROTATION_AUDIENCE, claims),
        },
        stop,
      ),
    );
  }

  /** @throws Refused with status 401 if the registration's key is not, or no longer, the node's */
  async prove(stop: AbortSignal): Promise<void> {
    await this.get(stop);
  }

  private get(stop: AbortSignal): Promise<string> {
    if (this.held && this.clock.elapsed() < this.held.renewAt) return Promise.resolve(this.held.accessToken);
    // Heartbeat and information may ask at the same moment; one fetch serves both.
    this.fetching ??= this.fetch(stop).finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetch(stop: AbortSignal): Promise<string> {
    const asked = this.clock.elapsed();
    const { accessToken, expiresInS } = await this.trade(stop);
    this.held = { accessToken, renewAt: asked + jittered(expiresInS * 1_000 * RENEW_AT, RENEW_SPREAD, this.random) };
    return accessToken;
  }

  private trade(stop: AbortSignal) {
    return this.asserting(async () => this.plane.accessToken(await this.assertion(), stop));
  }

  /** Tries again if an assertion was refused because this machine's clock is wrong. */
  private async asserting<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || !this.correctClock(error)) throw error;
      return ask();
    }
  }

  /** An assertion is valid for a minute by the orchestrator's clock, so it is made by that clock. */
  private correctClock({ serverTime }: Refused): boolean {
    const offsetMs = serverTime - this.clock.now();
    if (Number.isNaN(offsetMs) || Math.abs(offsetMs - this.clockOffsetMs) < CLOCK_TOLERANCE_MS) return false;
    this.clockOffsetMs = offsetMs;
    this.log.warn(
      `this machine's clock is ${formatSpan(Math.abs(offsetMs))} ${offsetMs > 0 ? 'behind' : 'ahead of'} the orchestrator's; set it right`,
    );
    return true;
  }

  private assertion(
    key: PrivateKey = this.registration.privateKey,
    audience = ASSERTION_AUDIENCE,
    claims: Record<string, string> = {},
  ): Promise<string> {
    const issuedAt = Math.floor((this.clock.now() + this.clockOffsetMs) / 1_000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(this.registration.uid)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_MAX_AGE_S)
      .setJti(randomUUID())
      .sign(createPrivateKey({ key: { ...key }, format: 'jwk' }));
  }
}
