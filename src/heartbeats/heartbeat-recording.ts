import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { inTime } from '../mechanics/in-time.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

/** A stop waits for so long for the last write, in milliseconds: MongoDB may hang, and its driver tries again. */
const WRITTEN_WITHIN_MS = 10_000;

/** Lets the buffer live as long as the api accepts heartbeats. */
@Injectable()
export class HeartbeatRecording implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatRecording.name);

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.buffer.start());
  }

  /** After the last request was answered, and before MongoDB's connection is closed. */
  async onApplicationShutdown(): Promise<void> {
    await inTime(this.buffer.stop(), WRITTEN_WITHIN_MS, 'MongoDB did not answer in time').catch((error: Error) =>
      this.logger.warn({ msg: 'heartbeats that waited to be written may be lost', reason: error.message }),
    );
  }
}
