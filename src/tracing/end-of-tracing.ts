import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { tracing } from './tracing.js';

/** Sends the last spans before the process ends. */
@Injectable()
export class EndOfTracing implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await tracing?.end();
  }
}
