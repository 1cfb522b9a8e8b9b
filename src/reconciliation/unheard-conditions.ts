import { Injectable } from '@nestjs/common';
import { conditionRules } from '../../contract/config/condition-rules.js';
import type { Config } from '../../contract/config/schema.js';
import { judgeFitness, type ConditionRules } from '../../contract/quarantine.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { QuarantineStore } from '../quarantine/quarantine-store.js';

/** Told in one pass, at most: the others' turn comes with the next. */
const AT_ONCE = 200;

/**
 * Tells workflows what they have not heard of their nodes' checks: a signal was lost, the node was approved since, or the configuration is another
 * one. A node that waits for the budget asks by itself.
 */
@Injectable()
export class UnheardConditions {
  private readonly rules: ConditionRules;

  constructor(
    private readonly store: QuarantineStore,
    private readonly lifecycle: LifecycleSignals,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    this.rules = conditionRules(config);
  }

  /** @returns how many it told */
  async pass(): Promise<number> {
    let told = 0;
    const unfit = [...this.rules.values()].some(({ policy }) => policy !== 'note');
    for await (const node of this.store.toJudge({ unfit })) {
      if (node.isHeldBack || judgeFitness(node, this.rules, this.clock.now()).is === 'stay') continue;
      if (await this.lifecycle.signalConditions(node)) told += 1;
      if (told >= AT_ONCE) break;
    }
    return told;
  }
}
