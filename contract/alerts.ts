import type { Severity } from './severity.js';

/** The alerts, each raised once per outage, with severity and text. */
export const ALERTS = {
  NodeLost: { severity: 'critical', means: 'a node in service is silent, for longer than `Settle`' },
  NodeUnfit: { severity: 'warning', means: 'a check says that a node is unfit' },
  NodePending: { severity: 'info', means: 'a node has joined and waits for an administrator' },
  NodeDrained: {
    severity: 'info',
    means: 'a node is drained, and may be worked on; not where it comes back by itself',
  },
  IdentityCopied: { severity: 'critical', means: 'more than one machine beats with the identity of a node' },
  MassSilence: { severity: 'critical', means: 'so many nodes are silent that they are told of as one' },
  BudgetExhausted: {
    severity: 'warning',
    means: 'checks would take nodes out of service, and the budget for that is used up',
  },
  TokenExpiring: { severity: 'warning', means: "a person's or script's token expires soon" },
} as const satisfies Record<string, { severity: Severity; means: string }>;

export type AlertKind = keyof typeof ALERTS;
export const ALERT_KINDS = Object.keys(ALERTS) as [AlertKind, ...AlertKind[]];

/** An alert is raised, and cleared by recovery, after which it can be raised again. */
export const ALERT_PHASES = ['raised', 'cleared'] as const;
export type AlertPhase = (typeof ALERT_PHASES)[number];
