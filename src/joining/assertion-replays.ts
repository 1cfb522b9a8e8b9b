import { Injectable } from '@nestjs/common';
import { ASSERTION_MAX_AGE_S } from '../../contract/schemas/agents.js';
import { Clock } from '../mechanics/clock.js';
import { IdempotencyStore } from '../http/idempotency-store.js';

/** Tolerated deviation of a node's clock, in seconds. */
export const CLOCK_TOLERANCE_S = 5;
/** Tolerated deviation between the clocks of replicas and MongoDB, in seconds. */
const REPLICAS_TOLERANCE_S = 60;
/**
 * How long an assertion's id is remembered, in milliseconds: as long as it can be valid, from a clock that is ahead to one that is behind. Not longer,
 * since a large fleet exchanges too many to keep.
 */
const REMEMBERED_MS = (ASSERTION_MAX_AGE_S + 2 * CLOCK_TOLERANCE_S + REPLICAS_TOLERANCE_S) * 1_000;

/** Ensures that an assertion is used once only, on whichever replica. */
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
