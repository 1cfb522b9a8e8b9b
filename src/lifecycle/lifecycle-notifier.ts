import { Injectable, Logger } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { MetricRegistry } from '../process/metric-registry.js';
import { Clock } from '../mechanics/clock.js';
import { LifecycleSignals, LifecycleUnavailable } from './lifecycle-signals.js';
import { Lifecycles } from './lifecycles.js';
import { StartPacing } from './start-pacing.js';
import type { NodeRecord } from '../record/node-record.js';

/** Tells workflows what was committed. Requests succeed without Temporal: the reconciler tells them again. */
@Injectable()
export class LifecycleNotifier {
  private readonly logger = new Logger('Lifecycle');

  private readonly pacing: StartPacing;
  private readonly untold: Counter;

  constructor(
    private readonly lifecycles: Lifecycles,
    private readonly signals: LifecycleSignals,
    clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.pacing = new StartPacing(clock);
    this.untold = metrics.counter(
      'rollcall_untold_decisions_total',
      'Decisions that were committed and whose workflow could not be told at once: the reconciler tells it',
    );
  }

  /** Starts the workflow of a new node, or leaves that to the reconciler where many nodes are new. */
  async start(node: NodeRecord): Promise<void> {
    await this.without(node, async () => {
      if (!(await this.pacing.tryTo(async () => void (await this.lifecycles.ensureStarted(node)))))
        this.signals.leaveStart(node);
    });
  }

  /** Tells the workflow a new decision. */
  async tell(node: NodeRecord): Promise<void> {
    await this.without(node, () => this.lifecycles.signalDecision(node));
  }

  private async without(node: NodeRecord, signal: () => Promise<void>): Promise<void> {
    try {
      await signal();
    } catch (error) {
      this.untold.inc();
      const reason = error instanceof LifecycleUnavailable ? error.message : error;
      this.logger.warn({
        msg: 'the workflow was not told; the reconciler will',
        node: node.name,
        seq: node.decision.seq,
        reason,
      });
    }
  }
}
