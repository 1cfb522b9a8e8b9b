import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { DrainSetActivities } from '../../activities/drain-set-activities.js';
import type { LifecycleActivities } from '../../activities/create-activities.js';
import type { SilenceSweepActivities } from '../../activities/silence-sweep-activities.js';
import type { WebhookActivities } from '../../activities/webhook-activities.js';
import type { WindowActivities } from '../../activities/window-activities.js';
import { silenceSweepQueue } from '../../contract/temporal-names.js';
import { webhookQueue, type WebhookLine } from '../../contract/webhooks.js';
import type { ClaimedTemporal } from './claimed-temporal.js';
import { growingPauseMs } from '../mechanics/back-off.js';
import { LifecycleUnavailable, PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { tracing } from '../tracing/tracing.js';
import { ROLLCALL_VERSION } from '../process/program.js';
import type { DatabaseProbe } from '../process/server-probe.js';
import { NamespaceTaken } from './namespace-taken.js';
import type { PayloadEncryption } from './payload-encryption.js';
import type { TemporalAccess, TemporalPasses } from './temporal-access.js';
import { SearchAttributesMissing } from './search-attributes.js';
import { SLOTS } from './worker-sizing.js';
import type { WorkerVersion, WorkflowBundle } from './worker-version.js';

const RETRY = { firstMs: 250, mostMs: 10_000 };
const LOOK_AT_CLAIM_EVERY_MS = 10_000;
/** How long running activities may take to end when the process is asked to stop. */
const GRACE = '5s';

/** Concurrent silence sweeps: one, and its successor while it ends. */
const SWEEPS = 2;
/** Concurrent webhook deliveries, which mostly wait for their receivers. */
const DELIVERIES = 20;

/** The database, which knows the cluster's id, is unavailable. */
class DatabaseAway extends Error {}

/**
 * Runs workflows and their activities for as long as its process lives, whether or not Temporal is available at the start or later. The silence
 * sweep, which lasts minutes, and webhook deliveries, whose receivers may hang, have task queues and slots of their own.
 */
export class WorkflowWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkflowWorker.name);
  private readonly stopping = new AbortController();
  private workers: Worker[] = [];
  private running: Promise<void> = Promise.resolve();

  /** @param maxCachedWorkflows number of workflows cached between their tasks */
  constructor(
    private readonly temporal: Pick<ClaimedTemporal, 'settings' | 'clusterId'>,
    private readonly database: Pick<DatabaseProbe, 'ready'>,
    private readonly access: TemporalAccess,
    private readonly encryption: Pick<PayloadEncryption, 'workerConverter' | 'bundleOf'>,
    private readonly activities: LifecycleActivities &
      DrainSetActivities &
      SilenceSweepActivities &
      WebhookActivities &
      WindowActivities,
    private readonly workflowBundle: WorkflowBundle,
    readonly version: WorkerVersion,
    private readonly maxCachedWorkflows: number,
  ) {}

  /** Whether it takes tasks: all of its parts are running, and none is stopping. */
  get isWorking(): boolean {
    return this.workers.length > 0 && this.workers.every((worker) => worker.getState() === 'RUNNING');
  }

  onApplicationBootstrap(): void {
    this.running = this.keepRunning();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.shutDown();
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    // Activities judge by MongoDB's clock. Until that is known, the connector reports what is wrong.
    await Promise.race([this.database.ready, once(this.stopping.signal, 'abort')]);
    let tries = 0;
    while (!this.stopping.signal.aborted) {
      try {
        await this.runOnce(() => {
          tries = 0;
        });
      } catch (error) {
        const { address } = this.temporal.settings;
        const wait = growingPauseMs((tries += 1), RETRY);
        this.logger.warn({ msg: `${whatIsAmiss(error)}; trying again`, address, inMs: wait, reason: plainly(error) });
        await pause(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async runOnce(started: () => void): Promise<void> {
    const { address, namespace, taskQueue } = this.temporal.settings;
    // Another cluster's work may be in a queue of the same name.
    await this.temporal.clusterId().catch((error: Error) => {
      throw error instanceof LifecycleUnavailable ? error : new DatabaseAway(error.message);
    });
    const { tls, apiKey, metadata } = this.access.passes;
    const connection = await NativeConnection.connect({
      address,
      tls: tls ?? false,
      ...(apiKey !== undefined && { apiKey }),
      ...(metadata !== undefined && { metadata }),
    });
    let looking: NodeJS.Timeout | undefined;
    const ended = new AbortController();
    const stopListening = this.access.onChange(() => void this.takeUp(connection, { tls, metadata }));
    try {
      const { maxCachedWorkflows, activities } = this;
      const workflowBundle = await this.encryption.bundleOf(this.workflowBundle);
      const workerDeploymentOptions = await this.version.options(connection);
      const common = {
        connection,
        namespace,
        // Shown in the Web UI and in support bundles.
        identity: `rollcall-worker/${ROLLCALL_VERSION} ${this.version.buildId} ${process.pid}@${hostname()}`,
        dataConverter: this.encryption.workerConverter,
        shutdownGraceTime: GRACE,
        ...(workerDeploymentOptions && { workerDeploymentOptions }),
        ...(tracing && { interceptors: { activity: [tracing.activities] } }),
      };
      const workers = await createAll([
        // This queue takes sweeps too: one from before they had their own queue may be under way.
        { ...common, ...SLOTS, taskQueue, workflowBundle, maxCachedWorkflows, activities: { ...activities } },
        {
          ...common,
          taskQueue: silenceSweepQueue(taskQueue),
          activities: { sweepForSilence: () => activities.sweepForSilence() },
          maxConcurrentActivityTaskExecutions: SWEEPS,
        },
        {
          ...common,
          taskQueue: webhookQueue(taskQueue),
          activities: { deliverFirst: (line: WebhookLine) => activities.deliverFirst(line) },
          maxConcurrentActivityTaskExecutions: DELIVERIES,
        },
      ]);
      if (this.stopping.signal.aborted) return await endUnused(workers);
      this.workers = workers;
      // When one worker ends, the others are stopped too; the connection stays open until all have ended.
      const done = Promise.allSettled(this.workers.map((worker) => worker.run().finally(() => this.shutDown())));
      const { buildId, deployment } = this.version.state;
      const versioning = { buildId, deployment, lifecycles: workerDeploymentOptions?.defaultVersioningBehavior };
      this.logger.log({ msg: 'working', address, namespace, taskQueue, maxCachedWorkflows, ...SLOTS, ...versioning });
      started();
      looking = setInterval(() => void this.stopWhereTaken(), LOOK_AT_CLAIM_EVERY_MS);
      void this.version.keepLooking(connection, ended.signal);
      for (const end of await done) if (end.status === 'rejected') throw end.reason;
    } finally {
      ended.abort();
      clearInterval(looking);
      stopListening();
      this.workers = [];
      await connection.close();
    }
  }

  private shutDown(): void {
    for (const worker of this.workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  }

  /** Applies renewed credentials: an API key to the same connection; for a certificate, the workers finish their tasks and restart. */
  private async takeUp(connection: NativeConnection, earlier: Pick<TemporalPasses, 'tls' | 'metadata'>): Promise<void> {
    const { tls, apiKey, metadata } = this.access.passes;
    if (!isDeepStrictEqual(earlier, { tls, metadata })) this.shutDown();
    else if (apiKey !== undefined) await connection.setApiKey(apiKey);
  }

  /** Stops the workers where the namespace was given to another cluster. */
  private async stopWhereTaken(): Promise<void> {
    const taken = await this.temporal.clusterId().then(
      () => false,
      (error: unknown) => error instanceof NamespaceTaken,
    );
    if (taken) this.shutDown();
  }
}

/** Creates all workers or none. */
async function createAll(wanted: readonly WorkerOptions[]): Promise<Worker[]> {
  const workers: Worker[] = [];
  try {
    for (const options of wanted) workers.push(await Worker.create(options));
    return workers;
  } catch (error) {
    await endUnused(workers);
    throw error;
  }
}

/** Ends workers that never ran, by running them: otherwise they would keep their thread and connection. */
async function endUnused(workers: readonly Worker[]): Promise<void> {
  const ended = Promise.allSettled(workers.map((worker) => worker.run()));
  for (const worker of workers) worker.shutdown();
  await ended;
}

function whatIsAmiss(error: unknown): string {
  if (error instanceof NamespaceTaken) return 'the namespace is another cluster’s';
  if (error instanceof SearchAttributesMissing) return 'the namespace lacks search attributes';
  if (error instanceof PayloadUnreadable) return 'what Temporal keeps cannot be decrypted';
  return error instanceof DatabaseAway ? 'MongoDB does not answer' : 'Temporal does not answer';
}

/** Extracts the message from the native connection's debug output: `… message: "Connection refused" …`. */
function plainly(error: unknown): string {
  const { message } = error as Error;
  return /message: \\?"([^"\\]+)/.exec(message)?.[1] ?? message;
}
