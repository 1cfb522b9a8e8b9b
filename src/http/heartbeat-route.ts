/** Where heartbeats go: most of them past Nest, by the lane. */
export const HEARTBEAT_ROUTE = '/v1/agent/heartbeat';

/** A fleet's heartbeats are most of what the api reads: this many bytes are enough for one. */
export const HEARTBEAT_LIMIT = 16 * 1_024;
