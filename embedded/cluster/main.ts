import { runProgram } from '../run-program.js';
import { ClusterSupervisor } from './cluster-supervisor.js';
import { parseClusterOptions, CLUSTER_USAGE } from './options.js';

/** Program: what `npm run cluster` runs. */
await runProgram(
  CLUSTER_USAGE,
  parseClusterOptions,
  (home, options, progress, out) => new ClusterSupervisor(home, options, progress, out),
);
