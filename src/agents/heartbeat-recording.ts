import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HeartbeatBuffer } from './heartbeat-buffer.js';

/** Lets the buffer live as long as the api accepts heartbeats. */
@Injectable()
export class HeartbeatRecording implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly buffer: HeartbeatBuffer) {}

  onApplicationBootstrap(): void {
    this.buffer.start();
  }

  /** After the last request was answered, and before MongoDB's connection is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.buffer.stop();
  }
}
