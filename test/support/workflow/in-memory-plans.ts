import type { PlanKeeper, PlanLook } from '../../../activities/ports.js';
import { judgePlan } from '../../../contract/plan.js';
import type { FitnessRecord } from './in-memory-fitness.js';

/** One node's plan, in memory; follows the rules of contract/plan.ts. */
export class InMemoryPlans implements PlanKeeper {
  record: Pick<FitnessRecord, 'decision' | 'now' | 'commit'> | undefined;
  /** How far the record's clock is ahead of Temporal's, in milliseconds. */
  clockSkewMs = 0;

  constructor(private readonly reach: () => Promise<void>) {}

  async keep(): Promise<PlanLook> {
    await this.reach();
    const { record } = this;
    if (record === undefined) return {};
    for (;;) {
      const now = (await record.now()) + this.clockSkewMs;
      const { decision } = record;
      const verdict = judgePlan(decision, now);
      if (verdict.is === 'stay')
        return { decision, ...(verdict.againAt !== undefined && { againMs: verdict.againAt - now }) };
      await record.commit(verdict.is, { by: 'system', reason: verdict.is });
    }
  }
}
