import type { Config } from './schema.js';
import type { ConditionRule, ConditionRules } from '../quarantine.js';

/** The configured consequence of each check. */
export function conditionRules({ Orchestrator }: Config): ConditionRules {
  return new Map(
    Object.entries(Orchestrator.NodeManager.Conditions.Policies).map(([check, rule]): [string, ConditionRule] => [
      check,
      {
        policy: rule.Policy,
        ...(rule.Deadline > 0 && { deadlineMs: rule.Deadline }),
        onDeadline: rule.OnDeadline,
        forMs: rule.For,
        returnAfterMs: rule.ReturnAfter,
      },
    ]),
  );
}
