import { runProgram } from '../run-program.js';
import { ClusterSupervisor } from './cluster-supervisor.js';
import { parseClusterOptions, CLUSTER_USAGE } from './options.js';

/** Main program of `npm run cluster`. */
await runProgram(
  CLUSTER_USAGE,
  parseClusterOptions,
  (home, options, progress, out) => new ClusterSupervisor(home, options, progress, out),
);
