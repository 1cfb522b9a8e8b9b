/**
 * All errors of the API: code → status and title. Codes are stable; the sentence (`detail`), the field and the hint of an occurrence
 * are made where it occurs.
 */
export const ERRORS = {
  VALIDATION_FAILED: { status: 400, title: 'The request is malformed' },
  UNAUTHENTICATED: { status: 401, title: 'Who are you?' },
  FORBIDDEN: { status: 403, title: 'Your role does not allow this' },
  NODE_REJECTED_BY_ADMINISTRATOR: { status: 403, title: 'An administrator rejected this node' },
  NODE_AWAITS_APPROVAL: { status: 403, title: 'The node awaits approval' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  NODE_NOT_FOUND: { status: 404, title: 'There is no such node' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take this method' },
  NODE_NAME_TAKEN: { status: 409, title: 'The name belongs to another node' },
  TOKEN_NAME_TAKEN: { status: 409, title: 'The name belongs to another token' },
  TOKEN_ENDED: { status: 409, title: 'The token works no more' },
  LAST_ADMINISTRATOR: { status: 409, title: 'Nobody else could administer the cluster' },
  NODE_NOT_JOINED: { status: 409, title: 'The node has not joined yet' },
  NODE_NOT_APPROVED: { status: 409, title: 'The node awaits approval' },
  NODE_REJECTED: { status: 409, title: 'The node was rejected' },
  NODE_ALREADY_ACTIVE: { status: 409, title: 'The node is active already' },
  NODE_ALREADY_APPROVED: { status: 409, title: 'The node is approved already' },
  NODE_DRAINING: { status: 409, title: 'The node is draining' },
  NODE_DRAINED: { status: 409, title: 'The node is drained' },
  NODE_TAKEN_OUT_BY_OTHERS: { status: 409, title: 'Somebody else took the node out' },
  NODE_HAS_SESSIONS: { status: 409, title: 'The node has active sessions' },
  NODE_IS_REQUESTER: { status: 409, title: 'The node is a replica of the api' },
  NODE_IDENTITY_COPIED: { status: 409, title: 'More than one machine uses the identity of the node' },
  NODE_REMOVED: { status: 410, title: 'The node was removed' },
  SESSION_NOT_FOUND: { status: 404, title: 'There is no such session' },
  SESSION_BEING_PLACED: { status: 409, title: 'No node has the session yet' },
  SESSION_ENDED: { status: 409, title: 'The session has ended' },
  SESSION_AMBIGUOUS: { status: 409, title: 'More than one node has a session of this id' },
  NO_NODE_FITS: { status: 409, title: 'No node can take the session' },
  NO_NODE_MATCHES: { status: 409, title: 'No node has these labels' },
  DRAIN_ENDED: { status: 409, title: 'The drain has ended' },
  AGENT_UPDATE_ENDED: { status: 409, title: 'The update of agents has ended' },
  AGENT_UPDATES_OFF: { status: 409, title: 'Agents are not updated by this cluster' },
  TOO_MANY_WEBHOOKS: { status: 409, title: 'There are as many webhooks as there may be' },
  TOO_MANY_RULES: { status: 409, title: 'There are as many approval rules as there may be' },
  RULE_NAME_TAKEN: { status: 409, title: 'The name belongs to another approval rule' },
  RULE_CHANGED: { status: 409, title: 'Somebody has changed the approval rule' },
  TOO_MANY_WINDOWS: { status: 409, title: 'There are as many maintenance windows as there may be' },
  WINDOW_NAME_TAKEN: { status: 409, title: 'The name belongs to another maintenance window' },
  WINDOW_CHANGED: { status: 409, title: 'Somebody has changed the maintenance window' },
  WINDOW_IN_USE: { status: 409, title: 'Drain sets run within the maintenance window' },
  NO_MASS_SILENCE: { status: 409, title: 'There is no mass silence' },
  STALE_REPORT: { status: 409, title: 'A later report of this node is known' },
  STALE_HEARTBEAT: { status: 409, title: 'A later heartbeat of this node is known' },
  DECISION_CONFLICT: { status: 409, title: 'Others keep deciding about this node' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, title: 'The Idempotency-Key belongs to another request' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is not JSON' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'The api failed' },
  UNAVAILABLE: { status: 503, title: 'A server that the api needs does not answer' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error that occurred: the parts of an RFC 9457 problem document that depend on the occurrence. */
export interface Fault {
  code: ErrorCode;
  /** One sentence that names the thing. */
  detail: string;
  /** Path of the faulty field: `labels.pool`. */
  field?: string;
  /** The remedy: a command, or what to change. */
  hint?: string;
}
