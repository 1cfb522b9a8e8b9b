import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { UnitOfWork } from '../nodes/unit-of-work.js';

/**
 * A MongoDB transaction. Mongoose's own AsyncLocalStorage (see MongoModule) hands its session to every operation of the
 * models, so that stores need not know whether they are in one. The driver runs it again on conflicts, within the
 * connection's timeout (MongoUri).
 */
@Injectable()
export class MongoUnitOfWork extends UnitOfWork {
  private readonly inside = new AsyncLocalStorage<true>();

  constructor(@InjectConnection() private readonly connection: Connection) {
    super();
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.inside.getStore()) return work();
    return this.inside.run(true, () =>
      this.connection.transaction(work, {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', journal: true },
      }),
    );
  }
}
