import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../http/address-key.js';
import { tooManyRequests } from '../auth/too-many-requests.js';

/** Packages on their way at once, of all and of one address: more would take the replica from those that it is for. */
const AT_ONCE = 64;
const AT_ONCE_OF_ONE = 8;
/** Whoever reads more slowly than 70 MB in this time is cut off, in milliseconds. */
const LONGEST_MS = 15 * 60_000;
/** When it is worth trying again, in milliseconds. */
const AGAIN_MS = 5_000;

/** Large answers that anybody may ask for: so many at once, and none for ever. */
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
