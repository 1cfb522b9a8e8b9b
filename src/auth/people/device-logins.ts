import { Injectable } from '@nestjs/common';
import type { EpochMs } from '../../../contract/states.js';
import { addressKey } from '../../http/address-key.js';
import { ProblemError } from '../../http/problem-error.js';
import { SealedAnswer } from '../../http/sealed-answer.js';
import { Clock } from '../../mechanics/clock.js';
import { Logins, type BegunLogin } from '../logins.js';
import { hashOfSecret, newSecret } from '../secret-token.js';
import { tooManyRequests } from '../too-many-requests.js';
import type { BegunDevice } from './begun-device.js';
import { IssuerUnavailable } from './bounded-fetch.js';
import { DeviceLoginStore, type DeviceLoginRecord } from './device-login-store.js';
import { IdentityProvider } from './identity-provider.js';

/** Maximum number of pending ones per address, which a whole office may share. */
const MOST_OF_ADDRESS = 50;
const MOST_IN_ALL = 10_000;
/** How long a begin that the provider refused keeps its place, in milliseconds, so that an address cannot cause requests without end. */
const PLACE_MS = 60_000;
/** Duration of a claim, in milliseconds: longer than the provider, its keys and its profile can take together. */
const ASKED_WITHIN_MS = 20_000;
/** Increase of the polling interval with each `slow_down`, in seconds (RFC 8628). */
const SLOWER_BY_S = 5;
const SLOWEST_S = 120;

/** What a command line shows to the person, and its handle. */
interface BegunDeviceLogin extends Omit<BegunDevice, 'deviceCode' | 'expiresInS'> {
  handle: string;
  expiresAt: EpochMs;
}

/**
 * Pending sign-ins of command lines at the identity provider (RFC 8628). The api asks the provider on their behalf, so that they need neither the client's
 * secret nor a connection to it. Any replica can answer: the state is in the database, sealed with the handle. See docs/adr/0055.
 */
@Injectable()
export class DeviceLogins {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly pending: DeviceLoginStore,
    private readonly logins: Logins,
    private readonly clock: Clock,
  ) {}

  /** @throws IssuerUnavailable, ProviderRefusal; ProblemError TOO_MANY_REQUESTS where too many are pending */
  async begin(address: string): Promise<BegunDeviceLogin> {
    const handle = newSecret();
    const id = hashOfSecret(handle);
    await this.takePlace(id, addressKey(address));
    const { deviceCode, expiresInS, ...shown } = await this.provider.beginDevice();
    const now = this.clock.now();
    const expiresAt = now + expiresInS * 1_000;
    await this.pending.note(id, {
      sealed: sealOf(handle).seal(deviceCode),
      pollEveryS: shown.pollEveryS,
      nextPollAt: now,
      expiresAt,
    });
    return { handle, ...shown, expiresAt };
  }

  /**
   * @returns the login, or the number of seconds after which to poll again
   * @throws IssuerUnavailable, ProviderRefusal; ProblemError UNAUTHENTICATED where the handle is unknown or has expired, FORBIDDEN where the person has no
   *   role here
   */
  async poll(handle: string, from: string): Promise<BegunLogin | { pollAfterS: number }> {
    const id = hashOfSecret(handle);
    const now = this.clock.now();
    const login = await this.pending.claimPoll(id, now, now + ASKED_WITHIN_MS);
    if (login === null) return { pollAfterS: await this.wait(id, now) };
    const grant = await this.provider
      .finishDevice(String(sealOf(handle).open(login.sealed)))
      .catch((error: unknown) => this.failed(login, error));
    if (grant === undefined || grant === 'slow_down') {
      const pollEveryS = Math.min(login.pollEveryS + (grant === undefined ? 0 : SLOWER_BY_S), SLOWEST_S);
      await this.pending.note(id, { pollEveryS, nextPollAt: this.clock.now() + pollEveryS * 1_000 });
      return { pollAfterS: pollEveryS };
    }
    await this.pending.end(id);
    return this.logins.beginFor(grant, from, 'command line');
  }

  /** Takes a place and counts afterwards, so that no two take the last one. */
  private async takePlace(id: string, from: string): Promise<void> {
    const now = this.clock.now();
    await this.pending.create({ id, from, pollEveryS: 1, nextPollAt: now, expiresAt: now + PLACE_MS });
    const { ofAddress, inAll } = await this.pending.pending(from, now, MOST_IN_ALL + 1);
    if (ofAddress <= MOST_OF_ADDRESS && inAll <= MOST_IN_ALL) return;
    await this.pending.end(id);
    const whose = ofAddress > MOST_OF_ADDRESS ? 'from this address' : 'in all';
    throw tooManyRequests(`too many command lines ${whose} wait for somebody to sign in`, PLACE_MS);
  }

  private async wait(id: string, now: EpochMs): Promise<number> {
    const login = await this.pending.find(id);
    if (login === null || login.expiresAt <= now) throw notKnown();
    return Math.min(Math.max(Math.ceil((login.nextPollAt - now) / 1_000), 1), login.pollEveryS);
  }

  private async failed({ id, pollEveryS }: DeviceLoginRecord, error: unknown): Promise<never> {
    // An outage may be short, and the person can still sign in; the provider is asked less often meanwhile.
    if (error instanceof IssuerUnavailable)
      await this.pending.note(id, { nextPollAt: this.clock.now() + 2 * pollEveryS * 1_000 });
    else await this.pending.end(id);
    throw error;
  }
}

function sealOf(handle: string): SealedAnswer {
  return new SealedAnswer(handle, 'rollcall device login');
}

function notKnown(): ProblemError {
  return new ProblemError({
    code: 'UNAUTHENTICATED',
    detail: 'nobody waits for this sign-in: it was not confirmed in time, or is over',
    hint: 'Begin again: rollcall auth login',
  });
}
