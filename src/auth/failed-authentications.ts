import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { ProblemError } from '../http/problem-error.js';
import { addressKey } from './address-key.js';
import { BoundedCache } from './bounded-cache.js';
import { credentialDigest } from './credential-digest.js';
import { TokenBuckets } from './token-buckets.js';
import { tooManyRequests } from './too-many-requests.js';

/** Typing errors of people and a restart of a whole fleet fit into this many seconds' allowance, which may be used at once. */
const BURST_S = 50;
const REMEMBERED_ADDRESSES = 10_000;
const REMEMBERED_CREDENTIALS = 50_000;

/**
 * An address that shows wrong credentials again and again is not looked up any more for a while, whatever it shows –
 * except credentials that were right lately: a fleet behind one address does not pay for one machine of it.
 */
@Injectable()
export class FailedAuthentications {
  private readonly failures: TokenBuckets;
  private readonly good = new BoundedCache<string, true>(REMEMBERED_CREDENTIALS);

  constructor(clock: Clock, @InjectConfig() { Orchestrator }: Config) {
    const perSecond = Orchestrator.API.MaxWrongCredentialsPerSecond;
    this.failures = new TokenBuckets({ burst: Math.max(1, perSecond * BURST_S), perSecond, remembered: REMEMBERED_ADDRESSES }, clock);
  }

  /** Whether credentials of this address are not looked up at the moment, unless they were right lately. */
  isSuspect(address: string): boolean {
    return this.failures.wait(addressKey(address)) > 0;
  }

  /**
   * @param address that shows `credential`
   * @param options.isUsedOnce it is not worth remembering: nobody can show it again
   * @param authenticate throws UNAUTHENTICATED where the credential is wrong, which is counted
   * @throws ProblemError TOO_MANY_REQUESTS, or whatever `authenticate` throws
   */
  async watch<Result>(address: string, credential: string, authenticate: () => Promise<Result>, { isUsedOnce = false } = {}): Promise<Result> {
    const [from, shown] = [addressKey(address), credentialDigest(credential)];
    const waitMs = this.failures.wait(from);
    if (waitMs > 0 && this.good.get(shown) === undefined) throw tooManyRequests('this address has shown wrong credentials too often', waitMs);
    try {
      const result = await authenticate();
      if (!isUsedOnce) this.good.set(shown, true);
      return result;
    } catch (error) {
      if (error instanceof ProblemError && error.fault.code === 'UNAUTHENTICATED') {
        this.failures.take(from);
        this.good.delete(shown);
      }
      throw error;
    }
  }
}
