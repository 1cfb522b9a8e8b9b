import { setWorkflowOptions, workflowInfo, type Workflow } from '@temporalio/workflow';

/**
 * Lets runs of a workflow change over to the current version of the workers with their next task. Only for workflows that every version can
 * replay. See docs/adr/0033.
 */
export function autoUpgrade(workflow: Workflow): void {
  // Temporal rejects task completions that carry a versioning behavior from workers without a version.
  setWorkflowOptions(
    () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
    workflow,
  );
}
