/** Where nodes say what they are: most of them the same as a minute ago, past Nest. */
export const INFO_ROUTE = '/v1/agent/info';

/** What is longer than this, in bytes, goes Nest's way: it is no usual machine's. */
export const INFO_LANE_LIMIT = 16 * 1_024;
