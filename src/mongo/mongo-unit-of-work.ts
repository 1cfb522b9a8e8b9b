import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { UnitOfWork } from '../record/unit-of-work.js';
import { TransactionAbandoned } from './database-unavailable.js';

/** The driver would try again for two minutes; whoever waits for an answer has gone by then. */
const PATIENCE_MS = 5_000;

/**
 * A MongoDB transaction. Mongoose's own AsyncLocalStorage (see MongoModule) hands its session to every operation of the
 * models, so that stores need not know whether they are in one. Conflicts with other writers make the driver run it again.
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
            // The driver tries again after errors of MongoDB's only: any other ends it.
            throw performance.now() > giveUpAt ? new TransactionAbandoned(error) : error;
          }
        },
        { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
      ),
    );
  }
}
