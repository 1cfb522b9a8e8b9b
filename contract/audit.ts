import { DECIDED_EVENTS, type NodeEventType } from './lifecycle.js';

/** What happens to tokens that belong to no node. */
export const TOKEN_EVENTS = ['JoinTokenCreated', 'JoinTokenRevoked', 'ApiTokenCreated', 'ApiTokenRevoked'] as const;
export type TokenEventType = (typeof TOKEN_EVENTS)[number];

/** What happens to the fleet as a whole. */
export const FLEET_EVENTS = ['MassSilenceBegan', 'MassSilenceEnded', 'MassSilenceReleased'] as const;
export type FleetEventType = (typeof FLEET_EVENTS)[number];

/** Somebody showed the secret of a bootstrap or join token that lets nobody in any more. */
export const TOKEN_REFUSED = 'TokenRefused';

export type EventType = NodeEventType | TokenEventType | FleetEventType | typeof TOKEN_REFUSED;

/** What the audit keeps apart from what was merely observed: what people decided, every token that was made, used, refused or revoked, and the fleet's alarms. */
export const AUDITED_EVENTS = [...DECIDED_EVENTS, ...TOKEN_EVENTS, ...FLEET_EVENTS, TOKEN_REFUSED] as const satisfies readonly EventType[];
export type AuditedEventType = (typeof AUDITED_EVENTS)[number];
