import { APPROVED_PHASES, type NodeAction } from './node-actions.js';

/**
 * Decisions that only the policy of conditions makes (docs/adr/0048); persons use `deactivate` and `activate` instead, whatever a check says.
 * Each name is that of the workflow's signal too.
 */
export const POLICY_TABLE = {
  quarantine: {
    from: ['WAITING', 'ACTIVE'],
    to: ['DRAINING'],
    effect:
      'a check has failed: the node drains, or only gets no new sessions and keeps its phase, as the policy of its condition says',
    event: 'NodeQuarantined',
  },
  release: {
    from: APPROVED_PHASES,
    to: ['WAITING', 'ACTIVE'],
    effect: 'the checks that took the node out have passed for ReturnAfter: it gets sessions again',
    event: 'NodeReleased',
  },
} as const satisfies Record<string, Pick<NodeAction, 'from' | 'to' | 'effect' | 'event'>>;

export type PolicyAction = keyof typeof POLICY_TABLE;
export const POLICY_ACTIONS = Object.keys(POLICY_TABLE) as readonly PolicyAction[];
