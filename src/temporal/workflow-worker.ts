import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { DrainSetActivities } from '../../activities/drain-set-activities.js';
import type { LifecycleActivities } from '../../activities/create-activities.js';
import type { SilenceSweepActivities } from '../../activities/silence-sweep-activities.js';
import type { TemporalSettings } from './temporal-client.js';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** How long activities that run may take to end when the process is asked to. */
const GRACE = '5s';

/** Where the workflow code is: bundled when the product was built. */
export type WorkflowBundle = { codePath: string } | { code: string };

/**
 * Runs lifecycle workflows and their activities for as long as its process lives. Temporal may be down when it starts, or
 * go away later.
 */
export class WorkflowWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkflowWorker.name);
  private readonly stopping = new AbortController();
  private worker: Worker | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param maxCachedWorkflows how many are kept at hand between their tasks */
  constructor(
    private readonly settings: TemporalSettings,
    private readonly activities: LifecycleActivities & DrainSetActivities & SilenceSweepActivities,
    private readonly workflowBundle: WorkflowBundle,
    private readonly maxCachedWorkflows: number,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.keepRunning();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.worker?.getState() === 'RUNNING') this.worker.shutdown();
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    let wait = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await this.runOnce(() => {
          wait = FIRST_RETRY_MS;
        });
      } catch (error) {
        this.logger.warn({ msg: 'Temporal does not answer; trying again', address: this.settings.address, inMs: wait, reason: plainly(error) });
        await pause(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
        wait = Math.min(wait * 2, LAST_RETRY_MS);
      }
    }
  }

  private async runOnce(started: () => void): Promise<void> {
    const { address, namespace, taskQueue } = this.settings;
    const connection = await NativeConnection.connect({ address });
    try {
      const { workflowBundle, maxCachedWorkflows } = this;
      this.worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle, maxCachedWorkflows, activities: { ...this.activities }, shutdownGraceTime: GRACE });
      if (this.stopping.signal.aborted) return;
      const done = this.worker.run();
      this.logger.log({ msg: 'working', address, namespace, taskQueue, maxCachedWorkflows });
      started();
      await done;
    } finally {
      this.worker = undefined;
      await connection.close();
    }
  }
}

/** Temporal's native connection says what went wrong in the words of its own innards: `… message: "Connection refused" …`. */
function plainly(error: unknown): string {
  const { message } = error as Error;
  return /message: \\?"([^"\\]+)/.exec(message)?.[1] ?? message;
}
