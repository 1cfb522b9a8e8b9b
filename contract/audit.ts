import { DECIDED_EVENTS, type NodeEventType } from './lifecycle.js';

/** What happens to tokens that belong to no node. */
export const TOKEN_EVENTS = ['JoinTokenCreated', 'JoinTokenRevoked', 'ApiTokenCreated', 'ApiTokenRevoked'] as const;
export type TokenEventType = (typeof TOKEN_EVENTS)[number];

/** Somebody showed the secret of a bootstrap or join token that lets nobody in any more. */
export const TOKEN_REFUSED = 'TokenRefused';

export type EventType = NodeEventType | TokenEventType | typeof TOKEN_REFUSED;

/** What the audit keeps apart from what was merely observed: what people decided, and every token that was made, used, refused or revoked. */
export const AUDITED_EVENTS = [...DECIDED_EVENTS, ...TOKEN_EVENTS, TOKEN_REFUSED] as const satisfies readonly EventType[];
export type AuditedEventType = (typeof AUDITED_EVENTS)[number];
