import { Injectable, Logger } from '@nestjs/common';
import { BackgroundRounds } from '../process/background-rounds.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { Reconciler } from './reconciler.js';

const PAUSE_MS = 1_000;
/** While workflows answer and others wait. */
const SHORT_PAUSE_MS = 250;

/** Lets the reconciler work, one pass after the other, as long as its process runs. */
@Injectable()
export class Reconciliation extends BackgroundRounds {
  private readonly logger = new Logger(Reconciliation.name);

  constructor(
    private readonly reconciler: Reconciler,
    database: DatabaseProbe,
  ) {
    super(database, PAUSE_MS, {
      leave: () => reconciler.release(),
      failed: (reason) => this.logger.debug({ msg: 'the lease was not given back; it ends by itself', reason }),
    });
  }

  protected async round(): Promise<number> {
    return (await this.reconciler.pass()) ? SHORT_PAUSE_MS : PAUSE_MS;
  }
}
