import { Injectable } from '@nestjs/common';
import {
  WAKE_SIGNAL,
  WEBHOOK_LINE_WORKFLOW,
  webhookLineWorkflowId,
  type WebhookLine,
  type WebhookLineInput,
} from '../../contract/webhooks.js';
import { WebhookLines } from '../webhooks/webhook-lines.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { WORKFLOW_TASK_TIMEOUT } from './start-options.js';

const MAX_RUN_EVENTS = 500;

@Injectable()
export class TemporalWebhookLines extends WebhookLines {
  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

  async wake(line: WebhookLine): Promise<void> {
    await this.client.call(() =>
      this.client.workflows.signalWithStart(WEBHOOK_LINE_WORKFLOW, { ...this.options(line), signal: WAKE_SIGNAL }),
    );
  }

  async ensureStarted(line: WebhookLine): Promise<void> {
    await this.client.call(() =>
      this.client.workflows.start(WEBHOOK_LINE_WORKFLOW, {
        ...this.options(line),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  }

  private options(line: WebhookLine) {
    const input: WebhookLineInput = { webhook: line.webhook, about: line.about, maxRunEvents: MAX_RUN_EVENTS };
    return {
      workflowId: webhookLineWorkflowId(line),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      taskQueue: this.client.settings.taskQueue,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      args: [input],
      staticSummary: `Tells webhook ${line.webhook} of ${line.about}`,
    } as const;
  }
}
