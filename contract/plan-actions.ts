import { APPROVED_PHASES, type NodeAction } from './node-actions.js';

/**
 * Actions of planned deactivations (docs/adr/0054). `plan` is a person's `deactivate` that names its beginning; the others follow from
 * it at their time. Each name is that of the workflow's signal too.
 */
export const PLAN_TABLE = {
  plan: {
    by: 'administrator',
    from: APPROVED_PHASES,
    to: APPROVED_PHASES,
    effect: 'a deactivate that names its beginning: the node goes on as it does until then',
    event: 'NodeDeactivationPlanned',
  },
  begin: {
    by: 'workflow',
    from: ['WAITING', 'ACTIVE'],
    to: ['DRAINING'],
    effect: 'the moment of a planned deactivate has come',
    event: 'NodeDeactivationBegan',
  },
  end: {
    by: 'workflow',
    from: ['DRAINING', 'DRAINED'],
    to: ['WAITING', 'ACTIVE'],
    effect: 'the end that a deactivate named has come: the node gets sessions again',
    event: 'NodeDeactivationEnded',
  },
  lapse: {
    by: 'workflow',
    from: APPROVED_PHASES,
    to: APPROVED_PHASES,
    effect: 'the end of a planned deactivate has come before it could begin: it is given up',
    event: 'NodeDeactivationLapsed',
  },
} as const satisfies Record<
  string,
  Pick<NodeAction, 'from' | 'to' | 'effect' | 'event'> & { by: 'administrator' | 'workflow' }
>;

export type PlanAction = keyof typeof PLAN_TABLE;
export const PLAN_ACTIONS = Object.keys(PLAN_TABLE) as readonly PlanAction[];
