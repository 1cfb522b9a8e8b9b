import { DECIDED_EVENTS, type NodeEventType } from './lifecycle.js';

/** Events of tokens that belong to no node. */
export const TOKEN_EVENTS = [
  'JoinTokenCreated',
  'JoinTokenRevoked',
  'ApiTokenCreated',
  'ApiTokenRotated',
  'ApiTokenRevoked',
] as const;
export type TokenEventType = (typeof TOKEN_EVENTS)[number];

/** Events of the fleet as a whole. */
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
  'ApprovalRuleCreated',
  'ApprovalRuleChanged',
  'ApprovalRuleDeleted',
] as const;
export type FleetEventType = (typeof FLEET_EVENTS)[number];

/** A used-up, expired or revoked bootstrap or join token was presented. */
export const TOKEN_REFUSED = 'TokenRefused';

export type EventType = NodeEventType | TokenEventType | FleetEventType | typeof TOKEN_REFUSED;

/** Events kept by the audit: decisions, everything about tokens, and alarms of the fleet. Mere observations are not kept. */
export const AUDITED_EVENTS = [
  ...DECIDED_EVENTS,
  ...TOKEN_EVENTS,
  ...FLEET_EVENTS,
  TOKEN_REFUSED,
] as const satisfies readonly EventType[];
export type AuditedEventType = (typeof AUDITED_EVENTS)[number];
