import { Injectable } from '@nestjs/common';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { SilentNode } from '../../activities/silence-sweep-activities.js';
import { lifecycleWorkflowId, SILENCE_NOTICED_SIGNAL, type SilenceNoticedSignal } from '../../contract/lifecycle.js';
import { SILENCE_SWEEPER_ID, SILENCE_SWEEPER_WORKFLOW } from '../../contract/temporal-names.js';
import { SilenceSweeper } from '../silence/silence-sweeper.js';
import { ClaimedTemporal } from './claimed-temporal.js';

@Injectable()
export class TemporalSilenceSweeper extends SilenceSweeper {
  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

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

  async notice({ uid, name }: SilentNode): Promise<void> {
    const signal: SilenceNoticedSignal = { uid };
    try {
      await this.client.call(
        () => this.client.workflows.getHandle(lifecycleWorkflowId(name)).signal(SILENCE_NOTICED_SIGNAL, signal),
        [WorkflowNotFoundError],
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
