import { DECIDED_EVENTS, type NodeEventType } from './lifecycle.js';

/** What happens to tokens that belong to no node. */
export const TOKEN_EVENTS = [
  'JoinTokenCreated',
  'JoinTokenRevoked',
  'ApiTokenCreated',
  'ApiTokenRotated',
  'ApiTokenRevoked',
] as const;
export type TokenEventType = (typeof TOKEN_EVENTS)[number];

/** What happens to the fleet as a whole. */
export const FLEET_EVENTS = [
  'MassSilenceBegan',
  'MassSilenceEnded',
  'MassSilenceReleased',
  'AgentUpdateBegan',
  'AgentUpdatePaused',
  'AgentUpdateResumed',
  'AgentUpdateHeld',
  'AgentUpdateCancelled',
  'WebhookCreated',
  'WebhookEdited',
  'WebhookSecretRotated',
  'WebhookDeleted',
  'WindowCreated',
  'WindowChanged',
  'WindowDeleted',
] as const;
export type FleetEventType = (typeof FLEET_EVENTS)[number];

/** A bootstrap or join token was shown that is used up, expired or revoked. */
export const TOKEN_REFUSED = 'TokenRefused';

export type EventType = NodeEventType | TokenEventType | FleetEventType | typeof TOKEN_REFUSED;

/** Events that the audit keeps: decisions, everything about tokens, and the fleet's alarms. Mere observations are not among them. */
export const AUDITED_EVENTS = [
  ...DECIDED_EVENTS,
  ...TOKEN_EVENTS,
  ...FLEET_EVENTS,
  TOKEN_REFUSED,
] as const satisfies readonly EventType[];
export type AuditedEventType = (typeof AUDITED_EVENTS)[number];
