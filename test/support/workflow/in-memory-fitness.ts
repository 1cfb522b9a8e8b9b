import type { FitnessJudge, FitnessLook } from '../../../activities/ports.js';
import type { Decision, DecisionAction, DecisionContext } from '../../../contract/decision.js';
import type { NodeCondition } from '../../../contract/fitness.js';
import type { Phase } from '../../../contract/phase.js';
import { judgeFitness, type ConditionRule, type ConditionRules } from '../../../contract/quarantine.js';

/** The record's data about a node, as far as checks need it. */
export interface FitnessRecord {
  decision: Decision;
  phase: () => Phase;
  now: () => Promise<number>;
  commit: (action: DecisionAction, context: Partial<DecisionContext>) => Promise<Decision>;
}

/** How many of some nodes may be out at once, and the maximum so far. */
export class InMemoryBudget {
  readonly #out = new Set<string>();
  mostAtOnce = 0;

  constructor(public most: number) {}

  take(uid: string): boolean {
    if (!this.#out.has(uid) && this.#out.size >= this.most) return false;
    this.#out.add(uid);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#out.size);
    return true;
  }

  giveBack(uid: string): void {
    this.#out.delete(uid);
  }
}

/** What follows from one node's conditions, in memory; follows the rules of contract/quarantine.ts. */
export class InMemoryFitness implements FitnessJudge {
  conditions: NodeCondition[] = [];
  rules: ConditionRules = new Map<string, ConditionRule>();
  budget = new InMemoryBudget(Infinity);
  /** Delay before one that waits for the budget asks again, in milliseconds. */
  asksAgainMs = 60_000;
  record: FitnessRecord | undefined;

  constructor(private readonly reach: () => Promise<void>) {}

  async judge(uid: string): Promise<FitnessLook> {
    await this.reach();
    const { record } = this;
    if (record === undefined) return {};
    for (;;) {
      const now = await record.now();
      const { decision } = record;
      const verdict = judgeFitness({ phase: record.phase(), decision, conditions: this.conditions }, this.rules, now);
      if (verdict.is === 'stay')
        return { decision, ...(verdict.againAt !== undefined && { againMs: verdict.againAt - now }) };
      const { checks, reason } = verdict;
      const by = { by: `check:${checks[0]}`, origin: 'check' as const, reason };
      if (verdict.is === 'release') {
        this.budget.giveBack(uid);
        await record.commit('release', by);
        continue;
      }
      if (!this.budget.take(uid)) return { decision, heldBack: 'the budget is used up', againMs: this.asksAgainMs };
      const { noNewSessions, rule } = verdict;
      await record.commit('quarantine', {
        ...by,
        checks,
        ...(noNewSessions && { noNewSessions }),
        ...(rule.deadlineMs !== undefined && { deadline: now + rule.deadlineMs }),
        onDeadline: rule.onDeadline,
      });
    }
  }
}
