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

/** Typing errors of people fit into this many seconds' allowance, which may be used at once. */
const BURST_S = 50;
const REMEMBERED_ADDRESSES = 10_000;
const REMEMBERED_CREDENTIALS = 50_000;
/** Of an address that shows wrong credentials, those that nobody has seen before and that prove nothing by themselves: looking one up costs a read. */
const NEVER_SEEN = { burst: 100, perSecond: 50, remembered: REMEMBERED_ADDRESSES };

interface Watched {
  /** It is not worth remembering: nobody can show it again. */
  isUsedOnce?: boolean;
  /**
   * Whether a signature shows, without asking the record, that a node of ours sends this, in good standing or not. Such a node is
   * limited by itself, and its address is not charged for it.
   */
  isProven?: () => Promise<boolean>;
}

/**
 * An address pays for what it cannot prove, and for nothing else: many share one behind a NAT. One that shows wrong credentials
 * again and again hears that it is to wait, and what was never seen before is looked up there so many times a second. What was right
 * lately, and what a signature proves, is let through whatever the neighbours do.
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
   * @param address that shows `credential`
   * @param authenticate throws UNAUTHENTICATED where the credential is wrong, which is counted
   * @throws ProblemError TOO_MANY_REQUESTS, or whatever `authenticate` throws
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
        // Whoever guesses learns nothing more while it waits.
        refuse(this.failures.take(from));
      }
      throw error;
    }
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw tooManyRequests('this address has shown wrong credentials too often', waitMs);
}
