import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { IdempotencyStore, type KeyClaim } from './idempotency-store.js';
import { ProblemError } from './problem-error.js';
import type { SealedAnswer } from './sealed-answer.js';

interface Current {
  claim: KeyClaim;
  sealed: SealedAnswer;
}

/** Aborts the unit of work of a dry run, and carries the answer. */
export class DryRunAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super('a dry run is not committed');
  }
}

/**
 * Stores the answer of a request with an Idempotency-Key in the same unit of work as its changes: whenever the api dies, either nothing has happened and
 * the key becomes free, or everything has and the key has the answer.
 */
@Injectable()
export class KeptAnswers {
  private readonly current = new AsyncLocalStorage<Current | 'dry run'>();

  constructor(private readonly store: IdempotencyStore) {}

  /** Runs the handler of a request that has claimed a key. */
  within<Result>(current: Current, work: () => Result): Result {
    return this.current.run(current, work);
  }

  /** Runs the handler of a dry run. */
  withinDryRun<Result>(work: () => Result): Result {
    return this.current.run('dry run', work);
  }

  get isDryRun(): boolean {
    return this.current.getStore() === 'dry run';
  }

  /**
   * Stores the answer. Call it as the last step of the unit of work. Without a key it does nothing, and does not evaluate `body`.
   * @param body the answer's body, as known before the commit
   * @throws DryRunAnswer in a dry run
   * @throws ProblemError IDEMPOTENCY_KEY_REUSED where another request has taken the key over: the unit must not be committed
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
