import { setWorkflowOptions, workflowInfo, type Workflow } from '@temporalio/workflow';

/**
 * Has runs of a workflow go over to the current version of the workers with their next task. Only for workflows that every version replays. See
 * docs/adr/0033.
 */
export function autoUpgrade(workflow: Workflow): void {
  // Temporal refuses tasks of a worker without a version that say how they want to be kept.
  setWorkflowOptions(
    () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {}),
    workflow,
  );
}
