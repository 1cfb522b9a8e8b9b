import { Injectable, Logger } from '@nestjs/common';
import { FleetCensus } from '../cluster/fleet-census.js';
import { Clock } from '../mechanics/clock.js';
import { BackgroundRounds } from '../process/background-rounds.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { FleetStore } from './fleet-store.js';

const MINUTE_MS = 60_000;
/** Time over which replicas spread their rounds, in milliseconds, so that all but one find the minute recorded. */
const SPREAD_MS = 10_000;

/**
 * Records the number of nodes in each state once a minute, in whichever replica is first. A minute that no replica could record is a gap in the plot. See
 * docs/adr/0043.
 */
@Injectable()
export class FleetRecorder extends BackgroundRounds {
  private readonly logger = new Logger(FleetRecorder.name);
  private failing = false;

  constructor(
    private readonly census: FleetCensus,
    private readonly store: FleetStore,
    database: DatabaseProbe,
    private readonly clock: Clock,
  ) {
    super(database, 0);
  }

  protected async round(): Promise<number> {
    try {
      await this.record();
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        this.logger.warn({
          msg: 'the history of the fleet cannot be written: its plot will have a hole',
          reason: (error as Error).message,
        });
      this.failing = true;
    }
    return MINUTE_MS - (this.clock.now() % MINUTE_MS) + Math.random() * SPREAD_MS;
  }

  private async record(): Promise<void> {
    const at = this.clock.now();
    const minute = Math.floor(at / MINUTE_MS);
    if (await this.store.isRecorded(minute)) return;
    await this.store.record(minute, { at, states: await this.census.take() });
  }
}
