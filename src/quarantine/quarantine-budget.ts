import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { budgetOf } from '../../contract/budget.js';
import { InjectConfig } from '../process/config.js';
import type { NodeRecord } from '../record/node-record.js';
import { QuarantineStore, type Among } from './quarantine-store.js';

/** Limits how many nodes checks may have out at once: of the fleet, and of those with the same value of a chosen label. */
@Injectable()
export class QuarantineBudget {
  private readonly settings: Config['Orchestrator']['NodeManager']['Conditions'];

  constructor(
    private readonly store: QuarantineStore,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.NodeManager.Conditions;
  }

  /** The budget that taking out this node would exceed, in words; undefined where it fits. */
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
    // In sequence, since a transaction does not support concurrent operations.
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
