import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { inTime } from '../mechanics/in-time.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { STOP_WAITS_MS } from '../mechanics/stop-waits.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

/** Runs the buffer for as long as the api accepts heartbeats. */
@Injectable()
export class HeartbeatRecording implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatRecording.name);

  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.buffer.start());
  }

  /** Runs before the server stops accepting connections: the requests that it still answers may take long. */
  beforeApplicationShutdown(): void {
    this.buffer.closeForNew();
  }

  /** Runs after the last request was answered, and before MongoDB's connection is closed. */
  async onApplicationShutdown(): Promise<void> {
    await inTime(this.buffer.stop(), STOP_WAITS_MS.heartbeats, 'MongoDB did not answer in time').catch((error: Error) =>
      this.logger.warn({ msg: 'heartbeats that waited to be written may be lost', reason: error.message }),
    );
  }
}
