import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../http/address-key.js';
import { tooManyRequests } from '../auth/too-many-requests.js';

/** Maximum number of concurrent downloads, in total and per address, so that they do not displace other requests. */
const AT_ONCE = 64;
const AT_ONCE_OF_ONE = 8;
/** Time limit of a download of some 70 MB, in milliseconds. */
const LONGEST_MS = 15 * 60_000;
/** Retry-After of refusals, in milliseconds. */
const AGAIN_MS = 5_000;

/** Limits public downloads in number and time. */
@Injectable()
export class Downloads {
  private readonly ofAddress = new Map<string, number>();
  private all = 0;

  /** @throws ProblemError TOO_MANY_REQUESTS */
  begin(address: string, response: ServerResponse): void {
    const key = addressKey(address);
    const ofThis = this.ofAddress.get(key) ?? 0;
    if (this.all >= AT_ONCE || ofThis >= AT_ONCE_OF_ONE)
      throw tooManyRequests('too many packages are being fetched at once', AGAIN_MS);
    this.all += 1;
    this.ofAddress.set(key, ofThis + 1);
    const tooLong = setTimeout(() => response.destroy(), LONGEST_MS).unref();
    response.once('close', () => {
      clearTimeout(tooLong);
      this.all -= 1;
      const left = (this.ofAddress.get(key) ?? 1) - 1;
      if (left > 0) this.ofAddress.set(key, left);
      else this.ofAddress.delete(key);
    });
  }
}
