import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { RepeatedWork } from '../mechanics/repeated-work.js';
import { SessionStore } from './session-store.js';

const LEASE = 'abandoned-sessions';
const LEASE_MS = 15_000;
const LOOK_EVERY_MS = 5_000;
/** Placing takes less, in milliseconds; after that whoever was at it is gone. */
const ABANDONED_AFTER_MS = 30_000;
const AT_ONCE = 1_000;

/** Fails sessions that an api replica was placing when it died. One replica does it at a time. */
@Injectable()
export class AbandonedSessions implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(AbandonedSessions.name);
  private readonly holder = randomUUID();
  /** By how long this replica has seen them: since when they are being placed another one wrote down. */
  private readonly seen = new FirstSeen();
  private readonly looks = new RepeatedWork(() => this.look().then(() => LOOK_EVERY_MS), {
    leave: () => this.leases.release(LEASE, this.holder),
    failed: (reason) => this.logger.debug({ msg: 'the lease was not given back; it ends by itself', reason }),
  });

  constructor(
    private readonly store: SessionStore,
    private readonly leases: LeaseStore,
    private readonly database: DatabaseProbe,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.looks.begin(LOOK_EVERY_MS));
  }

  onModuleDestroy(): void {
    void this.looks.end();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.end();
  }

  /** One look. Never rejects: what could not be done now is done by a later one. */
  async look(): Promise<void> {
    try {
      if (!(await this.leases.hold(LEASE, this.holder, LEASE_MS))) return;
      const now = this.clock.now();
      const abandoned = this.seen.seenFor(ABANDONED_AFTER_MS, await this.store.placing(AT_ONCE), now);
      const failed = await this.store.failAbandoned([...abandoned], now);
      if (failed > 0) this.logger.warn({ msg: 'sessions were being placed by an api that is gone', failed });
    } catch (error) {
      this.logger.debug({ msg: 'abandoned sessions could not be looked for', reason: (error as Error).message });
    }
  }
}
