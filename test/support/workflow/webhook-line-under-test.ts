import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createWebhookActivities, type DeliveryStep } from '../../../activities/webhook-activities.js';
import {
  WAKE_SIGNAL,
  WEBHOOK_LINE_WORKFLOW,
  webhookLineWorkflowId,
  webhookQueue,
  type WebhookLineInput,
} from '../../../contract/webhooks.js';
import type { webhookLine } from '../../../workflows/index.js';
import type { History } from '../../workflow/replay/history-files.js';
import { countedBundle } from './lifecycle-bundle.js';
import type { LifecycleHarness } from './lifecycle-harness.js';
import { bringingHome } from './workflow-coverage.js';

/** One line: each of its attempts takes the next outcome of the test's, and after the last nothing is pending. */
export class WebhookLineUnderTest {
  /** Times of the attempts. */
  readonly takenAt: number[] = [];

  private constructor(
    private readonly harness: LifecycleHarness,
    private readonly steps: DeliveryStep[],
  ) {}

  #handle!: WorkflowHandle<typeof webhookLine>;
  #workers: Worker[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #firstRunId = '';

  static async start(
    harness: LifecycleHarness,
    steps: readonly DeliveryStep[],
    { maxRunEvents = 500 } = {},
  ): Promise<WebhookLineUnderTest> {
    const line = new WebhookLineUnderTest(harness, [...steps]);
    await line.begin({ webhook: 'w1', about: randomUUID(), maxRunEvents });
    return line;
  }

  get handle(): WorkflowHandle<typeof webhookLine> {
    return this.#handle;
  }

  async wake(step: DeliveryStep): Promise<void> {
    this.steps.push(step);
    await this.#handle.signal(WAKE_SIGNAL);
  }

  async firstRun(): Promise<History> {
    const { workflowId } = this.#handle;
    return this.harness.env.client.workflow.getHandle(workflowId, this.#firstRunId).fetchHistory();
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) worker.shutdown();
    await this.#running;
  }

  private async begin(input: WebhookLineInput): Promise<void> {
    const { env } = this.harness;
    const taskQueue = `webhooks-${input.about}`;
    const common = { connection: env.nativeConnection, shutdownGraceTime: 0 } as const;
    const activities = createWebhookActivities({ webhooks: { deliverFirst: () => this.next() } });
    this.#workers = [
      await Worker.create({ ...common, taskQueue, workflowBundle: await countedBundle(), ...bringingHome() }),
      await Worker.create({ ...common, taskQueue: webhookQueue(taskQueue), activities: { ...activities } }),
    ];
    this.#running = Promise.all(this.#workers.map((worker) => worker.run()));
    const handle = await env.client.workflow.start<typeof webhookLine>(WEBHOOK_LINE_WORKFLOW, {
      workflowId: webhookLineWorkflowId(input),
      taskQueue,
      args: [input],
    });
    this.#handle = handle;
    this.#firstRunId = handle.firstExecutionRunId;
  }

  private async next(): Promise<DeliveryStep> {
    this.takenAt.push(await this.harness.env.currentTimeMs());
    return this.steps.shift() ?? { is: 'empty' };
  }
}
