import { createApiToken } from '../../../client/index.js';
import { useInSuite } from '../use-in-suite.js';
import { FaultCluster } from './fault-cluster.js';

/** A cluster for the tests of a file, with the arguments of FaultCluster.start. */
export function useCluster(...start: Parameters<typeof FaultCluster.start>): FaultCluster {
  return useInSuite(
    () => FaultCluster.start(...start),
    (cluster) => cluster.end(),
  );
}

/** The api token of a viewer, `looker`, for the tests of a file. */
export function useViewer(cluster: FaultCluster): { id: string; token: string } {
  return useInSuite(
    async () => {
      const body = { name: 'looker', role: 'viewer' } as const;
      const { data } = await createApiToken({ client: cluster.admin, throwOnError: true, body });
      return { id: data.apiToken.id, token: data.token };
    },
    () => undefined,
  );
}
