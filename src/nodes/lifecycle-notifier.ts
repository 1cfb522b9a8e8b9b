import { Injectable, Logger } from '@nestjs/common';
import { LifecycleSignals, LifecycleUnavailable } from '../temporal/lifecycle-signals.js';
import type { NodeRecord } from './node-record.js';

/** Tells workflows what was committed. Temporal being away fails no request: the reconciler says it again. */
@Injectable()
export class LifecycleNotifier {
  private readonly logger = new Logger('Lifecycle');

  constructor(private readonly signals: LifecycleSignals) {}

  /** A new node: its workflow starts. */
  async start(node: NodeRecord): Promise<void> {
    await this.without(node, () => this.signals.ensureStarted(node));
  }

  /** A new decision about a node. */
  async tell(node: NodeRecord): Promise<void> {
    await this.without(node, () => this.signals.signalDecision(node));
  }

  private async without(node: NodeRecord, signal: () => Promise<void>): Promise<void> {
    try {
      await signal();
    } catch (error) {
      const reason = error instanceof LifecycleUnavailable ? error.message : error;
      this.logger.warn({ msg: 'the workflow was not told; the reconciler will', node: node.name, seq: node.decision.seq, reason });
    }
  }
}
