// Entry of the worker's workflow bundle: exported functions are the workflow types.
export { clusterClaim } from './cluster-claim.js';
export { agentUpdate } from './agent-update.js';
export { drainSet } from './drain-set.js';
export { maintenanceWindow } from './maintenance-window.js';
export { nodeLifecycle } from './node-lifecycle.js';
export { silenceSweeper } from './silence-sweeper.js';
export { webhookLine } from './webhook-line.js';
