// The worker's workflow bundle begins here: what is exported can be started.
export { nodeLifecycle } from './node-lifecycle.js';
