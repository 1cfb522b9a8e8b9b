/** Where heartbeats go: most requests of all. */
export const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';
