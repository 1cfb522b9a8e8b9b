import type { WorkflowService } from '@temporalio/client';

/** gRPC's codes. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

/** Where Temporal sends what belongs to a worker deployment, by build ids. */
export interface DeploymentRouting {
  /** Null: workers without a version. */
  current: string | null;
  ramping: { buildId: string; percent: number } | null;
  /** Whether anybody has ever said which version is current. */
  isDecided: boolean;
  /** What a change of it has to name, which is refused where it has changed meanwhile. */
  token: Uint8Array;
}

/**
 * Whether the server keeps versions of workers apart, in this namespace.
 * @throws what Temporal answers else
 */
export async function hasWorkerVersioning(service: WorkflowService, namespace: string): Promise<boolean> {
  // Of one that has it turned off, this request is refused, and that for a single deployment is not.
  return (
    (await unless([UNIMPLEMENTED, PERMISSION_DENIED], service.listWorkerDeployments({ namespace, pageSize: 1 }))) !==
    null
  );
}

/**
 * @returns null while no worker of the deployment has been seen, or where there is no worker versioning
 * @throws what Temporal answers else
 */
export async function deploymentRouting(
  service: WorkflowService,
  namespace: string,
  deploymentName: string,
): Promise<DeploymentRouting | null> {
  const request = service.describeWorkerDeployment({ namespace, deploymentName });
  const found = await unless([UNIMPLEMENTED, PERMISSION_DENIED, NOT_FOUND], request);
  if (found === null) return null;
  const routing = found.workerDeploymentInfo?.routingConfig;
  const ramping = routing?.rampingDeploymentVersion?.buildId;
  return {
    current: routing?.currentDeploymentVersion?.buildId ?? null,
    ramping: ramping == null ? null : { buildId: ramping, percent: routing?.rampingVersionPercentage ?? 0 },
    isDecided: routing?.currentVersionChangedTime != null,
    token: found.conflictToken,
  };
}

async function unless<Answer>(codes: readonly number[], request: Promise<Answer>): Promise<Answer | null> {
  try {
    return await request;
  } catch (error) {
    if (codes.includes((error as { code: number }).code)) return null;
    throw error;
  }
}
