import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import mongoose, { type Connection } from 'mongoose';
import { growingPauseMs } from '../mechanics/back-off.js';
import { inTime } from '../mechanics/in-time.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { STOP_WAITS_MS } from '../mechanics/stop-waits.js';
import { MongoUri } from './mongo-uri.js';
import { RecordClock } from './record-clock.js';
import { MigrationFailed, RecordSchema, RecordTooNew } from './record-schema.js';
import { adviseOnParameters } from './server-parameters.js';

const RETRY = { firstMs: 250, mostMs: 10_000 };
const LOOK_WITHIN_MS = 5_000;

/**
 * Connects in the background for as long as it takes, so that a process starts without MongoDB, says so, and works as soon as it is there.
 * Over a connection of its own it first reads MongoDB's clock, brings the record to this code's schema version, and creates collections and
 * indexes. The stores' connection opens only afterwards: until then, and again once the record has become too new for this process, every
 * operation fails as if MongoDB were unavailable.
 */
@Injectable()
export class MongoConnector extends DatabaseProbe implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MongoConnector.name);
  private readonly stopping = new AbortController();
  private markReady: () => void = () => undefined;
  readonly ready = new Promise<void>((resolve) => {
    this.markReady = resolve;
  });
  private connecting: Promise<void> | undefined;
  /** Why the record is not open yet; undefined once it is. */
  private waitsFor: string | undefined;
  /** The last reason that was logged, so that each is logged once. */
  private toldReason: string | undefined;

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly uri: MongoUri,
    private readonly clock: RecordClock,
    private readonly schema: RecordSchema,
  ) {
    super();
    this.waitsFor = this.noAnswerYet;
  }

  onApplicationBootstrap(): void {
    this.connecting = this.keepTrying();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await inTime(this.disconnect(), STOP_WAITS_MS.connection, 'late').catch(() => undefined);
  }

  private async disconnect(): Promise<void> {
    await this.connecting;
    await this.connection.close();
  }

  async check(): Promise<void> {
    if (this.waitsFor !== undefined) throw new Error(this.waitsFor);
    await this.connection.db?.command({ ping: 1 });
  }

  override async version(): Promise<string> {
    if (this.waitsFor !== undefined) throw new Error(this.waitsFor);
    return String((await this.connection.db?.command({ buildInfo: 1 }))?.['version']);
  }

  private get noAnswerYet(): string {
    return `MongoDB at ${this.uri.shown} has not answered yet`;
  }

  private async keepTrying(): Promise<void> {
    for (let tries = 1; !this.stopping.signal.aborted; tries += 1) {
      const wait = growingPauseMs(tries, RETRY);
      try {
        await this.open();
        tries = 0;
        await this.untilTooNew();
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.tell(error as Error, wait);
      }
      await sleep(wait, this.stopping.signal);
    }
  }

  private async open(): Promise<void> {
    await this.prepare();
    await this.connection.openUri(this.uri.value, this.uri.options);
    this.waitsFor = undefined;
    this.toldReason = undefined;
    this.markReady();
    this.logger.log({ msg: 'connected to MongoDB', address: this.uri.shown });
    for (const advice of await adviseOnParameters(this.connection)) this.logger.warn({ ...advice });
  }

  /**
   * Returns when this process stops. Failures of the connection are left to the driver.
   * @throws RecordTooNew, after closing the connection, once the record has become too new
   */
  private async untilTooNew(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await sleep(this.schema.lookEveryMs, signal);
      if (signal.aborted) return;
      try {
        await Promise.race([this.schema.look(this.connection), sleep(LOOK_WITHIN_MS, signal)]);
      } catch (error) {
        if (!(error instanceof RecordTooNew)) continue;
        this.waitsFor = error.message;
        await this.connection.close();
        throw error;
      }
    }
  }

  private tell(error: Error, inMs: number): void {
    const isOurs = error instanceof RecordTooNew || error instanceof MigrationFailed;
    this.waitsFor = isOurs ? error.message : this.noAnswerYet;
    if (!isOurs) {
      const { message: reason } = error;
      this.logger.warn({ msg: 'MongoDB does not answer; trying again', address: this.uri.shown, inMs, reason });
    } else if (this.toldReason !== error.message) {
      this.logger.error({ msg: error.message });
    }
    this.toldReason = error.message;
  }

  private async prepare(): Promise<void> {
    const own = mongoose.createConnection();
    try {
      await own.openUri(this.uri.value, this.uri.options);
      this.waitsFor = 'MongoDB has not said what time it is yet';
      await this.clock.follow(own);
      await this.schema.bringUp(own, {
        waitsFor: (what) => (this.waitsFor = what),
        stop: this.stopping.signal,
      });
      this.waitsFor = 'collections and indexes are being made';
      for (const { modelName, schema, collection } of Object.values(this.connection.models)) {
        const model = own.model(modelName, schema, collection.name);
        // Explicitly, so that no transaction has to create a collection.
        await model.createCollection();
        await model.createIndexes();
      }
    } finally {
      await own.close();
    }
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
