import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { RepeatedWork, type Leaving } from '../mechanics/repeated-work.js';
import type { DatabaseProbe } from './server-probe.js';

/**
 * Work that a process repeats from the database's first answer until it stops. All rounds of a process are ended together in `onModuleDestroy` and awaited
 * afterwards, since Nest waits for modules one after the other.
 */
export abstract class BackgroundRounds implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly rounds: RepeatedWork;

  /**
   * @param firstInMs delay of the first round after the database's first answer, in milliseconds
   * @param leaving actions after the last round, such as releasing a lease
   */
  constructor(
    private readonly database: DatabaseProbe,
    private readonly firstInMs: number,
    leaving?: Leaving,
  ) {
    this.rounds = new RepeatedWork(() => this.round(), leaving);
  }

  /** One round; must not reject. @returns the pause before the next, in milliseconds */
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
