import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { inTime } from '../mechanics/in-time.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { Reconciler } from './reconciler.js';

const PAUSE_MS = 1_000;
/** While workflows answer and others wait. */
const SHORT_PAUSE_MS = 250;
/** A stop waits for so long for the last pass, and for the lease to be given back, in milliseconds: what it cut short another replica's pass does. */
const GIVEN_BACK_WITHIN_MS = 10_000;

/** Lets the reconciler work, one pass after the other, as long as its process runs. */
@Injectable()
export class Reconciliation implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(Reconciliation.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private leaving: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly reconciler: Reconciler,
    private readonly database: DatabaseProbe,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.schedule());
  }

  /** Begins here and is waited for later: the waits of modules come one after the other, and MongoDB may hang. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.leaving = this.leave();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.leaving;
  }

  private async leave(): Promise<void> {
    const givenBack = this.current.then(() => this.reconciler.release());
    await inTime(
      givenBack,
      GIVEN_BACK_WITHIN_MS,
      'the last pass did not end, or MongoDB did not answer, in time',
    ).catch((error: Error) => {
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
