import type { WorkflowService } from '@temporalio/client';

// gRPC status codes
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

/** Where Temporal routes the work of a worker deployment, by build id. */
export interface DeploymentRouting {
  /** Null where it goes to workers without a version. */
  current: string | null;
  ramping: { buildId: string; percent: number } | null;
  /** Whether a current version has ever been set. */
  isDecided: boolean;
  /** Conflict token of a change, which is refused where the routing has changed meanwhile. */
  token: Uint8Array;
}

/**
 * Whether the server supports worker versioning in this namespace.
 * @throws any other error of Temporal's
 */
export async function hasWorkerVersioning(service: WorkflowService, namespace: string): Promise<boolean> {
  // Where versioning is turned off, the server refuses this request, but not one for a single deployment.
  return (
    (await unless([UNIMPLEMENTED, PERMISSION_DENIED], service.listWorkerDeployments({ namespace, pageSize: 1 }))) !==
    null
  );
}

/**
 * @returns null while no worker of the deployment has been seen, or where there is no worker versioning
 * @throws any other error of Temporal's
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
