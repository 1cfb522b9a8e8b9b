import { Inject, Injectable } from '@nestjs/common';
import type { SilentNode } from '../../activities/silence-sweep-activities.js';
import { LifecycleRefused } from '../lifecycle/lifecycle-signals.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { NodeStore } from '../record/node-store.js';
import { SilenceSweeper } from '../silence/silence-sweeper.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Tells lifecycles of silences that the sweeper found. One that refuses is counted and rebuilt, as by the reconciler. */
@Injectable()
export class SilenceNotices {
  private readonly outcomes: Readonly<Record<'taken' | 'rebuilt' | 'refused' | 'failed', Count>>;

  constructor(
    private readonly sweeper: SilenceSweeper,
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly stuck: StuckLifecycles,
    metrics: MetricRegistry,
  ) {
    this.outcomes = metrics.counts(
      'rollcall_silence_notices_total',
      'Workflows that were told of a silence which the sweep found, by whether they took it',
      'outcome',
      ['taken', 'rebuilt', 'refused', 'failed'],
    );
  }

  /**
   * @returns false where the workflow refuses; nodes without a workflow are left to the census
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  async notice(silent: SilentNode): Promise<boolean> {
    try {
      await this.sweeper.notice(silent);
      this.outcomes.taken.inc();
      return true;
    } catch (error) {
      const node = error instanceof LifecycleRefused ? await this.nodes.findByUid(silent.uid) : null;
      if (!node?.living) {
        this.outcomes.failed.inc();
        throw error;
      }
      const isRebuilt = await this.stuck.failed(node, error);
      this.outcomes[isRebuilt ? 'rebuilt' : 'refused'].inc();
      return isRebuilt;
    }
  }
}
