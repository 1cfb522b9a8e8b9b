import { Injectable } from '@nestjs/common';
import { conditionRules } from '../../contract/config/condition-rules.js';
import type { Config } from '../../contract/config/schema.js';
import { judgeFitness, type ConditionRules } from '../../contract/quarantine.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { QuarantineStore } from '../quarantine/quarantine-store.js';

/** Maximum number of workflows told per pass. */
const AT_ONCE = 200;

/**
 * Tells workflows of conditions that they have not looked at: a signal was lost, the node was approved since, or the configuration has changed.
 * A node that is held back by the budget looks again by itself.
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

  /** @returns the number of workflows told */
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
