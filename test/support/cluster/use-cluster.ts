import { useInSuite } from '../use-in-suite.js';
import { FaultCluster } from './fault-cluster.js';

/** A cluster for the tests of a file: arguments are those of FaultCluster.start. */
export function useCluster(...start: Parameters<typeof FaultCluster.start>): FaultCluster {
  return useInSuite(
    () => FaultCluster.start(...start),
    (cluster) => cluster.end(),
  );
}
