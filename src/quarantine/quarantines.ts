import { Injectable } from '@nestjs/common';
import type { FitnessJudge, FitnessLook } from '../../activities/ports.js';
import { conditionRules } from '../../contract/config/condition-rules.js';
import type { Config } from '../../contract/config/schema.js';
import { decide, type DecisionContext } from '../../contract/decision.js';
import { eventOf } from '../../contract/lifecycle.js';
import type { PolicyAction } from '../../contract/policy-actions.js';
import { judgeFitness, type ConditionRules, type FitnessVerdict } from '../../contract/quarantine.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { QuarantineBudget } from './quarantine-budget.js';
import { QuarantineStore } from './quarantine-store.js';

/** Maximum number of attempts to commit: each failure means that another decision came first. */
const MAX_ATTEMPTS = 10;
/** Minimum pause before a held back node asks again, in milliseconds, and its increase per held back node, so that all together ask about once a second. */
const ASKS_AGAIN_MS = { least: 60_000, each: 1_000 };

type Quarantine = Extract<FitnessVerdict, { is: 'quarantine' }>;
type Outcome = NodeRecord | 'conflict' | { full: string };

/** Commits decisions that follow from the policies of checks: within the budget, and by compare-and-set like those of persons. */
@Injectable()
export class Quarantines implements FitnessJudge {
  private readonly rules: ConditionRules;
  private readonly decided: Readonly<Record<PolicyAction, Count>>;

  constructor(
    private readonly nodes: NodeStore,
    private readonly store: QuarantineStore,
    private readonly budget: QuarantineBudget,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
    metrics: MetricRegistry,
    @InjectConfig() config: Config,
  ) {
    this.rules = conditionRules(config);
    this.decided = metrics.counts(
      'rollcall_policy_decisions_total',
      'Decisions that the policy of conditions has made by this worker, by what was decided',
      'action',
      ['quarantine', 'release'],
    );
  }

  async judge(uid: string): Promise<FitnessLook> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const node = await this.nodes.findByUid(uid);
      if (!node?.living) return {};
      const { decision } = node;
      const now = this.clock.now();
      const verdict = judgeFitness(node, this.rules, now);
      if (verdict.is === 'stay')
        return { decision, ...(verdict.againAt !== undefined && { againMs: verdict.againAt - now }) };
      const outcome =
        verdict.is === 'release' ? await this.release(node, verdict, now) : await this.takeOut(node, verdict, now);
      // What is decided is judged in its turn: it may be that nothing but time is missing for what follows.
      if (outcome === 'conflict') continue;
      if ('full' in outcome) return { decision, heldBack: outcome.full, againMs: await this.nextAskMs() };
      this.decided[verdict.is].inc();
    }
    throw new Error('others keep deciding about the node');
  }

  private release(node: NodeRecord, { checks, reason }: Extract<FitnessVerdict, { is: 'release' }>, now: EpochMs) {
    return this.commit(node, 'release', { ...byCheck(checks), at: now, reason });
  }

  private async takeOut(node: NodeRecord, verdict: Quarantine, now: EpochMs): Promise<Outcome> {
    const { checks, noNewSessions, rule, reason } = verdict;
    const context: DecisionContext = {
      ...byCheck(checks),
      at: now,
      reason,
      checks,
      ...(noNewSessions && { noNewSessions }),
      ...(rule.deadlineMs !== undefined && { deadline: now + rule.deadlineMs }),
      onDeadline: rule.onDeadline,
    };
    // A node that is out already counts.
    if (node.decision.availability.checks !== undefined) return this.commit(node, 'quarantine', context);
    // Most of a crowd are refused here, without being serialized.
    const full = await this.budget.whyFull(node);
    if (full !== undefined) return { full };
    return this.unit.run(async () => {
      await this.store.claim();
      const fullMeanwhile = await this.budget.whyFull(node);
      return fullMeanwhile === undefined ? this.commit(node, 'quarantine', context) : { full: fullMeanwhile };
    });
  }

  private commit(node: NodeRecord, action: PolicyAction, context: DecisionContext): Promise<NodeRecord | 'conflict'> {
    return this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision: decide(node.decision, action, context),
      event: nodeEvent(node, eventOf(action), context.at, { by: context.by, from: null }, context.reason),
    });
  }

  private async nextAskMs(): Promise<number> {
    return Math.max(ASKS_AGAIN_MS.least, (await this.store.countHeldBack()) * ASKS_AGAIN_MS.each);
  }
}

function byCheck([first]: readonly string[]): Pick<DecisionContext, 'by' | 'origin'> {
  return { by: `check:${first}`, origin: 'check' };
}
