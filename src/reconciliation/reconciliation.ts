import { Injectable, Logger } from '@nestjs/common';
import { BackgroundRounds } from '../process/background-rounds.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { Reconciler } from './reconciler.js';

const PAUSE_MS = 1_000;
/** Pause between passes while more decisions wait for their turn, in milliseconds. */
const SHORT_PAUSE_MS = 250;

/** Runs the reconciler pass after pass, as long as its process lives. */
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
