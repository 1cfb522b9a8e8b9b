import { Injectable } from '@nestjs/common';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { AGENT_UPDATE_WORKFLOW, DRAIN_SET_WORKFLOW, drainSetWorkflowId } from '../../contract/drain-set.js';
import { isoTime } from '../../contract/iso-time.js';
import { WINDOW_SIGNAL } from '../../contract/maintenance-window.js';
import type { SearchAttribute } from '../../contract/temporal-names.js';
import { drainSetInput } from '../drains/drain-set-input.js';
import type { DrainSetRecord } from '../drains/drain-set-record.js';
import { DrainSetSignals } from '../drains/drain-set-signals.js';
import { ClaimedTemporal } from './claimed-temporal.js';
import { WORKFLOW_TASK_TIMEOUT } from './start-options.js';

const STATE = defineSearchAttributeKey('DrainState' satisfies SearchAttribute, SearchAttributeType.KEYWORD);

@Injectable()
export class TemporalDrainSetSignals extends DrainSetSignals {
  constructor(private readonly client: ClaimedTemporal) {
    super();
  }

  async tell(set: DrainSetRecord): Promise<void> {
    const { workflows } = this.client;
    // The workflow starts with its first ruling, which needs no signal.
    if (set.ruling.seq > 1) {
      try {
        await this.client.call(
          () => workflows.getHandle(drainSetWorkflowId(set.id, set.update)).signal(set.ruling.value, set.ruling),
          [WorkflowNotFoundError],
        );
        return;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
    await this.ensureStarted(set);
  }

  async windowChanged({ id, update }: Pick<DrainSetRecord, 'id' | 'update'>): Promise<void> {
    try {
      const { workflows } = this.client;
      await this.client.call(
        () => workflows.getHandle(drainSetWorkflowId(id, update)).signal(WINDOW_SIGNAL),
        [WorkflowNotFoundError],
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  async ensureStarted(set: DrainSetRecord): Promise<void> {
    try {
      await this.client.call(
        () => this.client.workflows.start(typeOf(set), this.optionsFor(set)),
        [WorkflowExecutionAlreadyStartedError],
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  async rebuild(set: DrainSetRecord): Promise<void> {
    const options = {
      ...this.optionsFor(set),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    } as const;
    await this.client.call(() => this.client.workflows.start(typeOf(set), options));
  }

  private optionsFor(set: DrainSetRecord) {
    const { id, labels, members, state, at, actor, update } = set;
    const what = update === undefined ? 'Drain' : `Agent update to ${update.version}`;
    return {
      workflowId: drainSetWorkflowId(id, update),
      // A set that has ended normally has been projected; one that was terminated is started again.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      taskQueue: this.client.settings.taskQueue,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      args: [drainSetInput(set)],
      memo: { id, by: actor.by },
      typedSearchAttributes: new TypedSearchAttributes([{ key: STATE, value: state }]),
      staticSummary: `${what} of ${members.length} nodes, ${labels.join(',')}`,
      staticDetails: `Asked for by ${actor.by} at ${isoTime(at)}`,
    } as const;
  }
}

function typeOf({ update }: DrainSetRecord): string {
  return update === undefined ? DRAIN_SET_WORKFLOW : AGENT_UPDATE_WORKFLOW;
}
