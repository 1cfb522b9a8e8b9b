import { Injectable } from '@nestjs/common';
import type { RuleDecision, VERDICT_SOURCES } from '../../contract/approval-rule.js';
import type { Config } from '../../contract/config/schema.js';
import type { EpochMs } from '../../contract/states.js';
import type { TokenRecord } from '../auth/token-store.js';
import { InjectConfig } from '../process/config.js';
import { matchOf, type ApprovalRule, type JoinFacts } from './approval-rule.js';
import { ApprovalRuleStore } from './approval-rule-store.js';

/** What is decided about a node that joins, and by what. */
export interface JoinVerdict {
  decision: RuleDecision;
  source: (typeof VERDICT_SOURCES)[number];
  rule: ApprovalRule | undefined;
  passedOver: { rule: string; because: string }[];
}

/** Decides about nodes that join: the first rule that matches, else the join token, else ManualApproval. */
@Injectable()
export class JoinVerdicts {
  private readonly manualApproval: boolean;

  constructor(
    private readonly rules: ApprovalRuleStore,
    @InjectConfig() config: Config,
  ) {
    this.manualApproval = config.Orchestrator.NodeManager.ManualApproval;
  }

  /** A function that judges by the rules as they are now. */
  async judge(
    now: EpochMs,
  ): Promise<(facts: JoinFacts, token: Pick<TokenRecord, 'autoApprove'> | null) => JoinVerdict> {
    const rules = await this.rules.all();
    return (facts, token) => {
      const { rule, passedOver } = matchOf(rules, facts, now);
      if (rule) return { decision: rule.decision, source: 'rule', rule, passedOver };
      const byToken = token?.autoApprove ?? null;
      if (byToken !== null)
        return { decision: byToken ? 'approve' : 'wait', source: 'token', rule: undefined, passedOver };
      return { decision: this.manualApproval ? 'wait' : 'approve', source: 'policy', rule: undefined, passedOver };
    };
  }
}
