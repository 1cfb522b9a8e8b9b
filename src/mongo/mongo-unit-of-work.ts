import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { UnitOfWork } from '../record/unit-of-work.js';
import { TransactionAbandoned } from './database-unavailable.js';

/** Limit of retries, in milliseconds. The driver's own is two minutes, when callers have long gone. */
const PATIENCE_MS = 5_000;

/**
 * A MongoDB transaction. Mongoose's AsyncLocalStorage (see MongoModule) passes its session to every operation of the models, so stores need not
 * know whether they run in one. The driver runs it again after conflicts with other writers.
 */
@Injectable()
export class MongoUnitOfWork extends UnitOfWork {
  private readonly inside = new AsyncLocalStorage<true>();

  constructor(@InjectConnection() private readonly connection: Connection) {
    super();
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside.getStore()) return work();
    const giveUpAt = performance.now() + PATIENCE_MS;
    return this.inside.run(true, () =>
      this.connection.transaction(
        async () => {
          try {
            return await work();
          } catch (error) {
            // The driver retries after MongoDB's own errors only: any other ends the transaction.
            throw performance.now() > giveUpAt ? new TransactionAbandoned(error) : error;
          }
        },
        { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
      ),
    );
  }
}
