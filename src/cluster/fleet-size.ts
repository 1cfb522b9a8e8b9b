import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ClusterStore } from './cluster-store.js';

const REFRESH_EVERY_MS = 10_000;

/** How many nodes there are, roughly: asking costs nothing, since it never waits for the answer. */
@Injectable()
export class FleetSize {
  private readonly logger = new Logger(FleetSize.name);
  private known = 0;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly cluster: ClusterStore,
    private readonly clock: Clock,
  ) {}

  /** As of some seconds ago; 0 before the first answer. */
  get current(): number {
    const now = this.clock.now();
    if (now - this.askedAt >= REFRESH_EVERY_MS) {
      this.askedAt = now;
      this.cluster.summarize(now).then(
        ({ total }) => (this.known = total),
        (error: unknown) => this.logger.debug({ msg: 'the fleet could not be counted', reason: (error as Error).message }),
      );
    }
    return this.known;
  }
}
