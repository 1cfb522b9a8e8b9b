import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../../contract/config/schema.js';
import type { EpochMs } from '../../../contract/states.js';
import { ProblemError } from '../../http/problem-error.js';
import { SealedAnswer } from '../../http/sealed-answer.js';
import { Clock } from '../../mechanics/clock.js';
import { pauseBeforeLook } from '../../mechanics/patient-looks.js';
import { InjectConfig } from '../../process/config.js';
import { timeClaim } from '../claims.js';
import { LoginStore, type LoggedInPerson, type LoginRecord } from '../login-store.js';
import { unauthenticated } from '../unauthenticated.js';
import { IssuerUnavailable } from './bounded-fetch.js';
import { IdentityProvider, type Grant } from './identity-provider.js';
import { ProviderRefusal } from './provider-errors.js';
import { issuerUnavailable } from './provider-problems.js';
import { isOfIssuer, personOf, subjectOfPerson, type KnownPerson } from './known-person.js';

/** Duration of a claim, in milliseconds: longer than the provider and its keys can take together. */
const ASKED_WITHIN_MS = 20_000;
/** Pause where the provider does not answer, or another request is asking it, in milliseconds. */
const AGAIN_AFTER_MS = 10_000;
/** Pace of waiting for another request's answer. */
const LOOK = { least: 50, most: 1_000, lateBy: 1 / 4 };

/** The provider's tokens, for ending the session and for asking again. */
interface Kept {
  refreshToken: string | undefined;
  idToken: string | undefined;
}

/** A checked person, and when the provider is to be asked again. */
interface Checked {
  person: KnownPerson;
  askAgainAt: EpochMs;
}

/**
 * Checks whether people who signed in at the identity provider are still allowed, by a refresh when a login is used and the last check is too old. While
 * the provider does not answer, its last answer stays valid for as long again. See docs/adr/0052.
 */
@Injectable()
export class PersonChecks {
  private readonly logger = new Logger(PersonChecks.name);
  private readonly settings: Config['Orchestrator']['Auth']['OIDC'];

  constructor(
    private readonly provider: IdentityProvider,
    private readonly logins: LoginStore,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.Auth.OIDC;
  }

  /** The part of a new login about its person. */
  begun({ claims, refreshToken, idToken }: Grant, secret: string): LoggedInPerson {
    return {
      ...personOf(claims ?? {}, this.settings),
      sealed: sealOf(secret).seal({ refreshToken, idToken }),
      checkedAt: refreshToken === undefined ? null : this.clock.now(),
    };
  }

  /** When a new login ends at the latest: without a refresh token the provider cannot be asked again. */
  latestEnd({ claims, refreshToken }: Grant): EpochMs {
    if (refreshToken !== undefined) return Infinity;
    return Math.min(timeClaim(claims ?? {}, 'exp') ?? 0, this.clock.now() + this.settings.MaxUnchecked);
  }

  /** Opens the tokens, unless another issuer gave them. */
  kept(person: LoggedInPerson, secret: string): Kept {
    if (!isOfIssuer(person, this.settings)) return { refreshToken: undefined, idToken: undefined };
    return sealOf(secret).open(person.sealed) as Kept;
  }

  /** @throws ProblemError UNAUTHENTICATED or FORBIDDEN where the provider says no, UNAVAILABLE where it has not answered for too long */
  async check(login: LoginRecord, person: LoggedInPerson, secret: string): Promise<Checked> {
    if (this.provider.name === undefined || !isOfIssuer(person, this.settings)) throw unauthenticated();
    if (person.checkedAt === null) return { person, askAgainAt: login.expiresAt };
    const now = this.clock.now();
    const dueAt = person.checkedAt + this.settings.CheckEvery;
    if (now < dueAt) return { person, askAgainAt: dueAt };
    const isBelieved = now < dueAt + this.settings.CheckEvery;
    if (login.unansweredUntil !== undefined && now < login.unansweredUntil) {
      if (isBelieved) return { person, askAgainAt: login.unansweredUntil };
      throw issuerUnavailable('of this login');
    }
    if (await this.logins.claimCheck(login.id, person.checkedAt, now, now + ASKED_WITHIN_MS))
      return this.ask(login, person, secret, isBelieved);
    return isBelieved ? { person, askAgainAt: now + AGAIN_AFTER_MS } : this.whatOthersHear(login.id, now);
  }

  private async ask(
    { id }: LoginRecord,
    person: LoggedInPerson,
    secret: string,
    isBelieved: boolean,
  ): Promise<Checked> {
    const now = this.clock.now();
    try {
      const kept = this.kept(person, secret);
      const grant = await this.provider.refresh(kept.refreshToken ?? '', subjectOfPerson(person));
      const renewed: LoggedInPerson = {
        ...(grant.claims === null ? person : this.same(person, grant.claims)),
        sealed: sealOf(secret).seal({
          refreshToken: grant.refreshToken ?? kept.refreshToken,
          idToken: grant.idToken ?? kept.idToken,
        }),
        checkedAt: now,
      };
      await this.logins.noteCheck(id, renewed);
      return { person: renewed, askAgainAt: now + this.settings.CheckEvery };
    } catch (error) {
      if (error instanceof IssuerUnavailable) {
        this.logger.warn({ msg: 'the identity provider was not to be asked about a login', reason: error.message });
        await this.logins.noteNoAnswer(id, this.clock.now() + AGAIN_AFTER_MS);
        if (isBelieved) return { person, askAgainAt: now + AGAIN_AFTER_MS };
        throw issuerUnavailable('of this login', error);
      }
      if (!(error instanceof ProviderRefusal || error instanceof ProblemError)) throw error;
      await this.logins.end(id);
      this.logger.log({ msg: 'a login ended: the identity provider refused', by: person.name, reason: error.message });
      throw error instanceof ProblemError ? error : unauthenticated();
    }
  }

  private same(before: KnownPerson, claims: NonNullable<Grant['claims']>): KnownPerson {
    const person = personOf(claims, this.settings);
    if (person.principal !== before.principal) throw new ProviderRefusal('the refresh is for somebody else');
    return person;
  }

  private async whatOthersHear(id: string, since: EpochMs): Promise<Checked> {
    let waitedMs = 0;
    while (waitedMs < ASKED_WITHIN_MS) {
      const { person, unansweredUntil = 0 } = (await this.logins.find(id)) ?? {};
      if (person === undefined) throw unauthenticated();
      const askAgainAt = (person.checkedAt ?? 0) + this.settings.CheckEvery;
      if (askAgainAt > since) return { person, askAgainAt };
      if (unansweredUntil > since) break;
      const pauseMs = pauseBeforeLook(LOOK, waitedMs, ASKED_WITHIN_MS);
      await pause(pauseMs);
      waitedMs += pauseMs;
    }
    throw issuerUnavailable('of this login');
  }
}

function sealOf(secret: string): SealedAnswer {
  return new SealedAnswer(secret, 'rollcall login at a provider');
}
