import type { Clock } from '../clock.js';
import type { NodeRecord } from '../nodes/node-record.js';
import { BackOff } from './back-off.js';
import { LifecycleIdTaken, type LifecycleSignals } from './lifecycle-signals.js';
import type { LifecycleWorkflows } from './lifecycle-workflows.js';
import type { ReconciliationStore } from './reconciliation-store.js';

/** The api signals right after it commits, and the workflow answers at once: until then there is nothing to make up for. */
const GRACE_MS = 1_000;
const BATCH = 1_000;
const AT_ONCE = 20;
/** A workflow that was told this often that its node is removed, and runs still, cannot end by itself. */
const TRIES_BEFORE_TERMINATION = 6;

/**
 * Makes up for signals that were lost: whichever part died between a decision's commit and its signal, the record says
 * that the decision is not applied, and it is said again until it is.
 */
export class DecisionReminder {
  private readonly backOff = new BackOff();

  constructor(
    private readonly record: ReconciliationStore,
    private readonly signals: LifecycleSignals,
    private readonly workflows: LifecycleWorkflows,
    private readonly clock: Clock,
  ) {}

  /**
   * Says every decision again that is due.
   * @returns how many were said
   * @throws LifecycleUnavailable where Temporal does not answer: the rest waits for the next pass
   */
  async pass(): Promise<number> {
    const now = this.clock.now();
    const nodes = await this.record.unapplied(now - GRACE_MS, BATCH);
    this.backOff.keep(nodes.map(keyOf));
    const due = nodes.filter((node) => this.backOff.isDue(keyOf(node), now));
    for (let begin = 0; begin < due.length; begin += AT_ONCE) {
      await Promise.all(due.slice(begin, begin + AT_ONCE).map((node) => this.tryToRemind(node)));
    }
    return due.length;
  }

  private async tryToRemind(node: NodeRecord): Promise<void> {
    try {
      await this.remind(node);
    } catch (error) {
      // The others must not wait until somebody has ended that workflow; the census says which it is.
      if (!(error instanceof LifecycleIdTaken)) throw error;
    }
    this.backOff.tried(keyOf(node), this.clock.now());
  }

  private async remind(node: NodeRecord): Promise<void> {
    if (node.living) {
      // The name may still run an earlier incarnation, which would take no notice of the signal.
      if (node.applied === null) await this.signals.ensureStarted(node);
      await this.signals.signalDecision(node);
    } else {
      await this.end(node);
    }
  }

  private async end(node: NodeRecord): Promise<void> {
    if ((await this.workflows.incarnationOf(node.name)) !== node.uid) {
      await this.record.settle(node.uid, node.decision.seq);
    } else if (this.backOff.count(keyOf(node)) < TRIES_BEFORE_TERMINATION) {
      await this.signals.signalDecision(node);
    } else {
      await this.workflows.terminate(node, 'its node was removed, and it did not end');
    }
  }
}

function keyOf({ uid, decision }: NodeRecord): string {
  return `${uid} ${decision.seq}`;
}
