import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseProbe } from '../process/server-probe.js';
import { Reconciler } from './reconciler.js';

const PAUSE_MS = 1_000;
/** While workflows answer and others wait. */
const SHORT_PAUSE_MS = 250;

/** Lets the reconciler work, one pass after the other, as long as its process runs. */
@Injectable()
export class Reconciliation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Reconciliation.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly reconciler: Reconciler,
    private readonly database: DatabaseProbe,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.schedule());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
    await this.reconciler.release().catch((error: Error) => {
      this.logger.debug({ msg: 'the lease was not given back; it ends by itself', reason: error.message });
    });
  }

  private schedule(pauseMs = PAUSE_MS): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.current = this.reconciler.pass().then((isBusy) => this.schedule(isBusy ? SHORT_PAUSE_MS : PAUSE_MS));
    }, pauseMs);
  }
}
