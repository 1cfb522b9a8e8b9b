import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { IdempotencyStore, type KeyClaim } from './idempotency-store.js';
import { ProblemError } from './problem-error.js';
import type { SealedAnswer } from './sealed-answer.js';

interface Current {
  claim: KeyClaim;
  sealed: SealedAnswer;
}

/** Ends the unit of work of a dry run before it is committed: what it would have been answered with. */
export class DryRunAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super('a dry run is not committed');
  }
}

/**
 * Keeps what a request under an Idempotency-Key is answered with in the very unit of work that does what it asks for: whenever
 * the api dies, either nothing is done and the key is free again, or it is done and the key says so.
 */
@Injectable()
export class KeptAnswers {
  private readonly current = new AsyncLocalStorage<Current | 'dry run'>();

  constructor(private readonly store: IdempotencyStore) {}

  /** Runs what answers the request that has claimed a key. */
  within<Result>(current: Current, work: () => Result): Result {
    return this.current.run(current, work);
  }

  /** Runs what answers a request of which nothing is to be committed. */
  withinDryRun<Result>(work: () => Result): Result {
    return this.current.run('dry run', work);
  }

  get isDryRun(): boolean {
    return this.current.getStore() === 'dry run';
  }

  /**
   * Call it as the last step of the unit of work. Where the request has no key it does nothing, and asks for no body.
   * @param body of the answer, as it can be said before the unit is committed
   * @throws DryRunAnswer in a dry run
   * @throws ProblemError IDEMPOTENCY_KEY_REUSED where another request has taken the key over meanwhile: the unit must not be committed
   */
  async keep(status: number, body: () => unknown): Promise<void> {
    const current = this.current.getStore();
    if (current === undefined) return;
    if (current === 'dry run') throw new DryRunAnswer(status, await body());
    const answer = { status, body: current.sealed.seal(await body()) };
    if (await this.store.complete(current.claim, answer)) return;
    throw new ProblemError({
      code: 'IDEMPOTENCY_KEY_REUSED',
      detail: 'this request took so long that another with its Idempotency-Key was begun',
      hint: 'Nothing was done by this one: repeat it to hear what became of the other',
    });
  }
}
