import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { ProblemError } from '../http/problem-error.js';
import { addressKey } from '../http/address-key.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { credentialDigest } from './secret-token.js';
import { TokenBuckets } from '../mechanics/token-buckets.js';
import { tooManyRequests } from './too-many-requests.js';

/** Burst of wrong credentials, in seconds of the allowance, for people's typing errors. */
const BURST_S = 50;
const REMEMBERED_ADDRESSES = 10_000;
const REMEMBERED_CREDENTIALS = 50_000;
/** Rate of look-ups of credentials that were never seen, for an address that presents wrong ones; each costs a read. */
const NEVER_SEEN = { burst: 100, perSecond: 50, remembered: REMEMBERED_ADDRESSES };

interface Watched {
  /** The credential can be used only once, so it is not remembered. */
  isUsedOnce?: boolean;
  /** Whether a signature proves, without a read, that one of our nodes sent it. Such a node has its own limit, and its address is not charged. */
  isProven?: () => Promise<boolean>;
}

/**
 * Charges addresses for wrong credentials only, since many callers may share one behind a NAT. An address with too many is told to wait, and its never seen
 * credentials are looked up at a limited rate. Recently valid credentials, and signed ones, are admitted whatever the neighbours do. See docs/adr/0025.
 */
@Injectable()
export class FailedAuthentications {
  private readonly failures: TokenBuckets;
  private readonly neverSeen: TokenBuckets;
  private readonly good = new BoundedCache<string, true>(REMEMBERED_CREDENTIALS);

  constructor(clock: Clock, @InjectConfig() { Orchestrator }: Config) {
    const perSecond = Orchestrator.API.MaxWrongCredentialsPerSecond;
    this.failures = new TokenBuckets(
      { burst: Math.max(1, perSecond * BURST_S), perSecond, remembered: REMEMBERED_ADDRESSES },
      clock,
    );
    this.neverSeen = new TokenBuckets(NEVER_SEEN, clock);
  }

  /**
   * @param address the sender's address
   * @param authenticate throws UNAUTHENTICATED where the credential is wrong, which is counted
   * @throws ProblemError TOO_MANY_REQUESTS, or any error of `authenticate`
   */
  async watch<Result>(
    address: string,
    credential: string,
    authenticate: () => Promise<Result>,
    { isUsedOnce = false, isProven = () => Promise.resolve(false) }: Watched = {},
  ): Promise<Result> {
    const [from, shown] = [addressKey(address), credentialDigest(credential)];
    const isSuspect = this.failures.wait(from) > 0;
    if (isSuspect && this.good.get(shown) === undefined && !(await isProven())) refuse(this.neverSeen.take(from));
    try {
      const result = await authenticate();
      if (!isUsedOnce) this.good.set(shown, true);
      return result;
    } catch (error) {
      if (error instanceof ProblemError && error.fault.code === 'UNAUTHENTICATED') {
        this.good.delete(shown);
        if (await isProven()) throw error;
        // While the address has to wait, guesses are not answered.
        refuse(this.failures.take(from));
      }
      throw error;
    }
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw tooManyRequests('this address has shown wrong credentials too often', waitMs);
}
