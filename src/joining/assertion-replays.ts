import { Injectable } from '@nestjs/common';
import { ASSERTION_MAX_AGE_S } from '../../contract/schemas/agents.js';
import { Clock } from '../mechanics/clock.js';
import { IdempotencyStore } from '../http/idempotency-store.js';

/** How far a node's clock may be ahead or behind, in seconds. */
export const CLOCK_TOLERANCE_S = 5;
/** Replicas' clocks may differ, and MongoDB's from theirs. */
const REPLICAS_TOLERANCE_S = 60;
/**
 * No longer than an assertion can be good for: one by a clock that is ahead is good until it is too old by a clock that
 * is behind. A large fleet trades so many that they could not be kept for a day.
 */
const REMEMBERED_MS = (ASSERTION_MAX_AGE_S + 2 * CLOCK_TOLERANCE_S + REPLICAS_TOLERANCE_S) * 1_000;

/** An assertion is good for one access token, on whichever replica: its id is a key that can be used once. */
@Injectable()
export class AssertionReplays {
  constructor(
    private readonly keys: IdempotencyStore,
    private readonly clock: Clock,
  ) {}

  /** @param jti the assertion's id */
  isFirstUse(uid: string, jti: string): Promise<boolean> {
    return this.keys.takeOnce({ principal: `node:${uid}`, key: jti }, this.clock.now(), REMEMBERED_MS);
  }
}
