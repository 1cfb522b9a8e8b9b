import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { budgetOf } from '../../contract/budget.js';
import { InjectConfig } from '../process/config.js';
import type { NodeRecord } from '../record/node-record.js';
import { QuarantineStore, type Among } from './quarantine-store.js';

/** How many nodes checks may have taken out at once: of the fleet, and of those with the same value of a chosen label. */
@Injectable()
export class QuarantineBudget {
  private readonly settings: Config['Orchestrator']['NodeManager']['Conditions'];

  constructor(
    private readonly store: QuarantineStore,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.NodeManager.Conditions;
  }

  /** The budget that one more would exceed, in words; undefined where it would none. */
  async whyFull({ labels }: Pick<NodeRecord, 'labels'>): Promise<string | undefined> {
    const { Budget, LabelBudgets } = this.settings;
    const shares = Object.entries(LabelBudgets).flatMap(([key, limit]) => {
      const value = labels[key];
      return value === undefined ? [] : [{ limit, label: { key, value } }];
    });
    for (const share of [{ limit: Budget }, ...shares]) {
      const why = await this.whyShareIsFull(share);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  private async whyShareIsFull({ limit, ...among }: Among & { limit: string }): Promise<string | undefined> {
    // One after the other: a transaction takes nothing at the same time.
    const out = await this.store.countOut(among);
    const approved = await this.store.countApproved(among);
    const most = budgetOf(limit, approved);
    if (out < most) return undefined;
    const { label } = among;
    const whose = label === undefined ? '' : ` with ${label.key}=${label.value}`;
    const share = limit === String(most) ? '' : ` (${limit})`;
    return `checks have taken out ${out} of ${approved} nodes${whose}, and may have ${most}${share} out at once`;
  }
}
