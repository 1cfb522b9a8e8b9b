/** A version of the agent as it appears in package names. A string of this form is safe as part of a path. */
export const AGENT_VERSION_PATTERN = /^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]{1,32})?$/;
