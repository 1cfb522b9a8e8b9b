import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { Reconciler } from './reconciler.js';

const PAUSE_MS = 1_000;
/** While workflows answer and others wait. */
const SHORT_PAUSE_MS = 250;

/** Lets the reconciler work, one pass after the other, as long as its process runs. */
@Injectable()
export class Reconciliation implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(Reconciliation.name);
  private readonly passes: RepeatedWork;

  constructor(
    reconciler: Reconciler,
    private readonly database: DatabaseProbe,
  ) {
    this.passes = new RepeatedWork(async () => ((await reconciler.pass()) ? SHORT_PAUSE_MS : PAUSE_MS), {
      leave: () => reconciler.release(),
      failed: (reason) => this.logger.debug({ msg: 'the lease was not given back; it ends by itself', reason }),
    });
  }

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.passes.begin(PAUSE_MS));
  }

  onModuleDestroy(): void {
    void this.passes.end();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.passes.end();
  }
}
