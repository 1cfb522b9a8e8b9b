import { WorkflowNotFoundError } from '@temporalio/common';
import type { SilentNode } from '../../activities/silence-sweep-activities.js';
import { lifecycleWorkflowId, SILENCE_NOTICED_SIGNAL, type SilenceNoticedSignal } from '../../contract/lifecycle.js';
import { SILENCE_SWEEPER_ID, SILENCE_SWEEPER_WORKFLOW } from '../../contract/silence-sweep.js';
import type { TemporalClient } from './temporal-client.js';

/** Signals on their way to Temporal at the same time. */
const AT_ONCE = 16;

/** Keeps the sweeper running, and says for it what it has to say to lifecycles. */
export class TemporalSilenceSweeper {
  constructor(private readonly client: TemporalClient) {}

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async ensureStarted(): Promise<void> {
    const { workflows, settings } = this.client;
    await this.client.call(() =>
      workflows.start(SILENCE_SWEEPER_WORKFLOW, {
        workflowId: SILENCE_SWEEPER_ID,
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue: settings.taskQueue,
        args: [],
        staticSummary: 'Finds silent nodes for the whole fleet',
      }),
    );
  }

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async notice(nodes: readonly SilentNode[]): Promise<void> {
    const rest = nodes.values();
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, nodes.length) }, async () => {
        for (const { uid, name } of rest) await this.signal(name, { uid });
      }),
    );
  }

  private async signal(name: string, payload: SilenceNoticedSignal): Promise<void> {
    const { workflows } = this.client;
    try {
      await this.client.call(() => workflows.getHandle(lifecycleWorkflowId(name)).signal(SILENCE_NOTICED_SIGNAL, payload), [WorkflowNotFoundError]);
    } catch (error) {
      // The census finds nodes without a workflow.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
