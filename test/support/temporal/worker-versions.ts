import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { expect } from '@jest/globals';
import type { DecisionAction } from '../../../contract/decision.js';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { WorkflowWorker } from '../../../src/temporal/workflow-worker.js';
import { eventually } from '../eventually.js';
import { change } from '../mongo/node-fixtures.js';
import { lifecycleBundle } from '../workflow/lifecycle-bundle.js';
import type { Part } from './control-plane.js';

const execute = promisify(execFile);

export const DEPLOYMENT = 'rollcall';

/** The same workflows under another build id. */
export async function anotherBuild(): Promise<{ code: string }> {
  return { code: `${(await lifecycleBundle()).code}\n// another build` };
}

/** Runs `temporal worker deployment …`, as an operator does. */
export async function deploymentCommand(address: string, verb: string, ...args: string[]): Promise<string> {
  const all = ['worker', 'deployment', verb, '--address', address, '--deployment-name', DEPLOYMENT, '--yes', ...args];
  return (await execute(await findBinary(TEMPORAL), all)).stdout;
}

/** Makes a decision, and waits until the node's workflow has applied it. */
export async function decideAndApply(client: Part, uid: string, action: DecisionAction): Promise<void> {
  const nodes = client.get(NodeStore);
  const node = await nodes.findByUid(uid);
  if (!node) throw new Error(uid);
  const decided = await nodes.commitDecision(change(node, action, 'versions', Date.now()));
  if (decided === 'conflict') throw new Error(decided);
  await client.get(Lifecycles).signalDecision(decided);
  await eventually(async () => expect((await nodes.findByUid(uid))?.applied?.seq).toBe(decided.decision.seq), 60_000);
}

export const workerVersion = (worker: Part) => worker.get(WorkflowWorker).version.state;

/** Build id of the workers that ran the lifecycle's last task, the run's id, and whether it is pinned to that build. */
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
