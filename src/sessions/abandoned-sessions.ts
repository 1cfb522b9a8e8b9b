import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import { BackgroundRounds } from '../process/background-rounds.js';
import { REPLICA } from '../process/process.module.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { SessionStore } from './session-store.js';

const LEASE = 'abandoned-sessions';
const LEASE_MS = 15_000;
const LOOK_EVERY_MS = 5_000;
/** Age after which a session in PLACING counts as abandoned, in milliseconds: longer than placing takes. */
const ABANDONED_AFTER_MS = 30_000;
const AT_ONCE = 1_000;

/** Fails sessions that an api replica was placing when it died. One replica does so at a time. */
@Injectable()
export class AbandonedSessions extends BackgroundRounds {
  private readonly logger = new Logger(AbandonedSessions.name);
  /** When this replica first saw each session in PLACING, so that other replicas' times do not matter. */
  private readonly seen = new FirstSeen();

  constructor(
    private readonly store: SessionStore,
    private readonly leases: LeaseStore,
    database: DatabaseProbe,
    private readonly clock: Clock,
    @Inject(REPLICA) private readonly holder: string,
  ) {
    super(database, LOOK_EVERY_MS, {
      leave: () => leases.release(LEASE, holder),
      failed: (reason) => this.logger.debug({ msg: 'the lease was not given back; it ends by itself', reason }),
    });
  }

  /** One round; later rounds do what this one could not. */
  protected async round(): Promise<number> {
    try {
      if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) return LOOK_EVERY_MS;
      const now = this.clock.now();
      const abandoned = this.seen.seenFor(ABANDONED_AFTER_MS, await this.store.placing(AT_ONCE), now);
      const failed = await this.store.failAbandoned([...abandoned], now);
      if (failed > 0) this.logger.warn({ msg: 'sessions were being placed by an api that is gone', failed });
    } catch (error) {
      this.logger.debug({ msg: 'abandoned sessions could not be looked for', reason: (error as Error).message });
    }
    return LOOK_EVERY_MS;
  }
}
