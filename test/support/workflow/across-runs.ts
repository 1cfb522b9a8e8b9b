import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type {
  DecisionSignal,
  HeartbeatSignal,
  OpenSessionUpdate,
  SessionsReportedSignal,
  SilenceNoticedSignal,
  TerminateSessionUpdate,
} from '../../../contract/lifecycle.js';
import { updateAcrossRuns } from '../../../src/temporal/update-across-runs.js';
import { untilAnswered } from './until-answered.js';

/** The workflow's answer to an update. @returns `accepted`, or the type of its refusal */
export async function outcomeOfUpdate(
  handle: WorkflowHandle,
  name: string,
  payload: OpenSessionUpdate | TerminateSessionUpdate,
): Promise<string> {
  try {
    await updateAcrossRuns(handle, name, payload);
    return 'accepted';
  } catch (error) {
    if (
      error instanceof WorkflowUpdateFailedError &&
      error.cause instanceof ApplicationFailure &&
      error.cause.type != null
    )
      return error.cause.type;
    throw error;
  }
}

/** Between two runs of a workflow the time-skipping server (unlike a real one) knows neither for a moment: retries then. */
export async function signalAcrossRuns(
  handle: WorkflowHandle,
  name: string,
  payload: DecisionSignal | HeartbeatSignal | SessionsReportedSignal | SilenceNoticedSignal,
): Promise<void> {
  await untilAnswered(async () => {
    try {
      await handle.signal<[typeof payload]>(name, payload);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError && (await handle.describe()).status.name === 'RUNNING')
        return undefined;
      throw error;
    }
  }, `signal ${name} never arrived`);
}
