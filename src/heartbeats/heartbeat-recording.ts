import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseProbe } from '../process/server-probe.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

/** Lets the buffer live as long as the api accepts heartbeats. */
@Injectable()
export class HeartbeatRecording implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly buffer: HeartbeatBuffer,
    private readonly database: DatabaseProbe,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.ready.then(() => this.buffer.start());
  }

  /** After the last request was answered, and before MongoDB's connection is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.buffer.stop();
  }
}
