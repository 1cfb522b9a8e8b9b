import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { IdempotencyStore } from '../http/idempotency-store.js';

/** An assertion is good for one access token, on whichever replica: its id is a key that can be used once. */
@Injectable()
export class AssertionReplays {
  constructor(
    private readonly keys: IdempotencyStore,
    private readonly clock: Clock,
  ) {}

  /** @param jti the assertion's id */
  async isFirstUse(uid: string, jti: string): Promise<boolean> {
    const use = { principal: `node:${uid}`, key: jti, fingerprint: 'assertion' };
    const { state } = await this.keys.begin(use, this.clock.now());
    if (state !== 'new') return false;
    await this.keys.complete(use, { status: 200, body: null });
    return true;
  }
}
