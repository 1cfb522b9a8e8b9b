import { WorkflowNotFoundError } from '@temporalio/common';
import type { SilentNode } from '../../activities/silence-sweep-activities.js';
import { lifecycleWorkflowId, SILENCE_NOTICED_SIGNAL, type SilenceNoticedSignal } from '../../contract/lifecycle.js';
import { SILENCE_SWEEPER_ID, SILENCE_SWEEPER_WORKFLOW } from '../../contract/silence-sweep.js';
import type { NodeStore } from '../record/node-store.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';
import type { StuckLifecycles } from '../reconciliation/stuck-lifecycles.js';
import type { ClaimedTemporal } from './claimed-temporal.js';

/** Keeps the sweeper running, and says for it what it has to say to lifecycles. */
export class TemporalSilenceSweeper {
  constructor(
    private readonly client: ClaimedTemporal,
    private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly stuck: StuckLifecycles,
  ) {}

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

  /**
   * @returns false where its workflow does not take it; the census finds nodes without one
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  async notice({ uid, name }: SilentNode): Promise<boolean> {
    const { workflows } = this.client;
    const signal: SilenceNoticedSignal = { uid };
    try {
      await this.client.call(() => workflows.getHandle(lifecycleWorkflowId(name)).signal(SILENCE_NOTICED_SIGNAL, signal), [WorkflowNotFoundError]);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      const node = error instanceof LifecycleRefused ? await this.nodes.findByUid(uid) : null;
      if (!node?.living) throw error;
      return this.stuck.failed(node, error);
    }
  }
}
