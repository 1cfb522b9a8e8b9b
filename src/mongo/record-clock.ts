import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { formatDuration } from '../../contract/duration.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock, SteadyClock } from '../mechanics/clock.js';

/** How often MongoDB is asked for its time, in milliseconds, and so how soon a change of its clock is followed. */
const ASK_EVERY_MS = 10_000;
/** A local clock that deviates by more than this, in milliseconds, is logged. */
const NOTEWORTHY_MS = 10_000;

/**
 * The time by MongoDB's clock, which all replicas and MongoDB's own expiry share. A local clock that is wrong, or is set while the process runs,
 * does not matter: between two answers the time advances by the monotonic clock.
 */
@Injectable()
export class RecordClock extends Clock implements OnApplicationShutdown {
  private readonly logger = new Logger(RecordClock.name);
  private readonly steady = new SteadyClock();
  /** Offset of MongoDB's clock from the monotonic one, in milliseconds; undefined until MongoDB has answered. */
  private aheadMs: number | undefined;
  private toldMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(@InjectConnection() private readonly connection: Connection) {
    super();
  }

  /** The local clock's time until {@link follow} has resolved. */
  now(): EpochMs {
    return this.aheadMs === undefined ? Date.now() : Math.floor(this.steady.now() + this.aheadMs);
  }

  /** Asks MongoDB for its time over this connection, then every ten seconds over the stores'. Rejects where the first answer does not come. */
  async follow(first: Connection): Promise<void> {
    await this.ask(first);
    if (this.timer === undefined) this.schedule();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(
      () =>
        void this.ask(this.connection)
          .catch(() => undefined)
          .finally(() => this.schedule()),
      ASK_EVERY_MS,
    ).unref();
  }

  private async ask(connection: Connection): Promise<void> {
    const askedAt = this.steady.now();
    const answer = await connection.db?.admin().command({ hello: 1 }, { readPreference: 'primary' });
    const answeredAt = this.steady.now();
    const time = (answer?.['localTime'] as Date | undefined)?.getTime();
    if (time === undefined) throw new Error('MongoDB does not say what time it is');
    this.aheadMs = corrected(this.aheadMs, { least: time - answeredAt, most: time + 1 - askedAt });
    this.tell();
  }

  private tell(): void {
    const offMs = Date.now() - this.now();
    if (Math.abs(offMs - this.toldMs) < NOTEWORTHY_MS) return;
    this.toldMs = offMs;
    const msg =
      Math.abs(offMs) < NOTEWORTHY_MS
        ? "this machine's clock agrees with MongoDB's again"
        : `this machine's clock is ${formatDuration(Math.abs(Math.round(offMs / 1_000)) * 1_000)} ${offMs > 0 ? 'ahead of' : 'behind'} MongoDB's, which is the one that counts`;
    this.logger.warn({ msg, offMs });
  }
}

/** An answer bounds the offset by its round trip. An offset within the bounds is kept, so that slow answers change nothing. */
export function corrected(aheadMs: number | undefined, { least, most }: { least: number; most: number }): number {
  return aheadMs === undefined ? (least + most) / 2 : Math.min(Math.max(aheadMs, least), most);
}
