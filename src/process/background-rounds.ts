import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { RepeatedWork, type Leaving } from '../mechanics/repeated-work.js';
import type { DatabaseProbe } from './server-probe.js';

/**
 * Work that a process repeats from the moment that the database has answered until the process stops. All rounds of a process are ended at once,
 * in `onModuleDestroy`, and waited for afterwards: the waits of modules come one after the other.
 */
export abstract class BackgroundRounds implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly rounds: RepeatedWork;

  /**
   * @param firstInMs from the database's first answer to the first round, in milliseconds
   * @param leaving what follows the last round, such as giving back a lease
   */
  constructor(
    private readonly database: DatabaseProbe,
    private readonly firstInMs: number,
    leaving?: Leaving,
  ) {
    this.rounds = new RepeatedWork(() => this.round(), leaving);
  }

  /** Must not reject. @returns until the next round begins, in milliseconds */
  protected abstract round(): Promise<number>;

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.rounds.begin(this.firstInMs));
  }

  onModuleDestroy(): void {
    void this.rounds.end();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.end();
  }
}
