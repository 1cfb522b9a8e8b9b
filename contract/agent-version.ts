/** A version of the agent, as its packages are named by: what has this form is nothing else when it becomes part of a path. */
export const AGENT_VERSION_PATTERN = /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]{1,32})?$/;
