import type { EventType } from './audit.js';

/** Urgency of an event, the lowest first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** All others are `info`. */
const WORTH_A_LOOK: Partial<Record<EventType, Severity>> = {
  IdentityCopied: 'critical',
  NodeUnknown: 'critical',
  SessionsLost: 'critical',
  MassSilenceBegan: 'critical',
  NodeUnhealthy: 'warning',
  NodeConditionChanged: 'warning',
  NodeQuarantined: 'warning',
  QuarantineHeldBack: 'warning',
  NodeOverQuota: 'warning',
  NodeRejected: 'warning',
  DrainDeadlinePassed: 'warning',
  SessionsTerminated: 'warning',
  SessionsReleased: 'warning',
  AgentUpdateFailed: 'warning',
  AgentUpdateHeld: 'warning',
  TokenRefused: 'warning',
};

export function severityOf(type: EventType): Severity {
  return WORTH_A_LOOK[type] ?? 'info';
}

export function isAsSevere(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor);
}
