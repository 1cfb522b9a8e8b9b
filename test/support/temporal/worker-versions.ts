import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { WorkflowWorker } from '../../../src/temporal/workflow-worker.js';
import { lifecycleBundle } from '../workflow/lifecycle-bundle.js';
import type { Part } from './control-plane.js';

const execute = promisify(execFile);

export const DEPLOYMENT = 'rollcall';

/** The same workflows, and another build id. */
export async function anotherBuild(): Promise<{ code: string }> {
  return { code: `${(await lifecycleBundle()).code}\n// another build` };
}

/** `temporal worker deployment …`, as an operator types it. */
export async function deploymentCommand(address: string, verb: string, ...args: string[]): Promise<string> {
  const all = ['worker', 'deployment', verb, '--address', address, '--deployment-name', DEPLOYMENT, '--yes', ...args];
  return (await execute(await findBinary(TEMPORAL), all)).stdout;
}

export const standingOf = (worker: Part) => worker.get(WorkflowWorker).version.standing;

/** The build id of the workers that had the lifecycle's last task, the run's id, and whether it is pinned there. */
export async function versionOf(
  client: Client,
  name: string,
): Promise<{ buildId: string; run: string; pinned: boolean }> {
  const { raw, runId } = await client.workflow.getHandle(lifecycleWorkflowId(name)).describe();
  const { deploymentVersion, behavior } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  return { buildId: deploymentVersion?.buildId ?? '', run: runId, pinned: Number(behavior) === PINNED };
}

/** VERSIONING_BEHAVIOR_PINNED. */
const PINNED = 1;
