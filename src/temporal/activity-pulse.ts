import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Context } from '@temporalio/activity';
import type { ActivityPulse } from '../../activities/activity-pulse.js';

/** Ends long activities when their worker is to stop, so that they do not delay it; another worker continues them. */
@Injectable()
export class TemporalActivityPulse implements ActivityPulse, OnModuleDestroy {
  private readonly stopping = new AbortController();

  progress(): unknown {
    return Context.current().info.heartbeatDetails;
  }

  beat(progress?: unknown): void {
    const context = Context.current();
    context.heartbeat(progress);
    this.stopping.signal.throwIfAborted();
    context.cancellationSignal.throwIfAborted();
  }

  async rest(ms: number, progress?: unknown): Promise<void> {
    this.beat(progress);
    await sleep(ms, undefined, {
      signal: AbortSignal.any([Context.current().cancellationSignal, this.stopping.signal]),
    });
  }

  /** Runs before the worker itself is asked to stop, which then has nothing to wait for. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }
}
