import { Inject, Injectable } from '@nestjs/common';
import type { LifecycleView } from '../../contract/lifecycle.js';
import { inBatches } from '../mechanics/in-batches.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { LifecycleSignals, LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows, type RunningLifecycle } from '../lifecycle/lifecycle-workflows.js';
import { ReconciliationStore, type ToldNode } from './reconciliation-store.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';

/** So many nodes whose workflow shows something else than their record are asked in one census. */
const MOST_SUSPECTS = 500;
/** So many others are asked besides, in turn: of a small cluster all of them, of a large one without a load that shows. */
const OTHERS = 50;
const AT_ONCE = 8;

/**
 * Compares what the record says that each workflow said last with what that workflow says now. They differ for long only where
 * one of them was set back: MongoDB restored from a dump, a workflow reset. Such a workflow is told what the record holds, and
 * the two settle by themselves what is to be (docs/adr/0018).
 */
@Injectable()
export class HistoryCensus {
  private lastAsked = '';

  constructor(
    private readonly record: ReconciliationStore,
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly lifecycles: Lifecycles,
    private readonly signals: LifecycleSignals,
    private readonly workflows: LifecycleWorkflows,
  ) {}

  /**
   * @returns how many workflows were told
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  async take(): Promise<number> {
    const running = new Map<string, RunningLifecycle>();
    for await (const lifecycle of this.workflows.running()) running.set(lifecycle.uid, lifecycle);
    const suspects: string[] = [];
    const others: string[] = [];
    for await (const told of this.record.told()) {
      const lifecycle = running.get(told.uid);
      if (lifecycle === undefined) continue;
      if (differs(told, lifecycle)) suspects.push(told.uid);
      else others.push(told.uid);
    }
    const asked = [...suspects.slice(0, MOST_SUSPECTS), ...this.nextOf(others)];
    return (await inBatches(asked, AT_ONCE, (uid) => this.settle(uid))).filter((told) => told).length;
  }

  /** In turn, over the censuses, by their uids. */
  private nextOf(uids: readonly string[]): string[] {
    const sorted = uids.toSorted();
    const later = sorted.filter((uid) => uid > this.lastAsked);
    const next = [...later, ...sorted.filter((uid) => uid <= this.lastAsked)].slice(0, OTHERS);
    this.lastAsked = next.at(-1) ?? '';
    return next;
  }

  private async settle(uid: string): Promise<boolean> {
    try {
      const node = await this.nodes.findByUid(uid);
      if (!node?.living) return false;
      const view = await this.signals.queryLifecycle(node);
      // Another incarnation's is none of this node's business; what was told meanwhile is settled.
      const now = await this.nodes.findByUid(uid);
      if (!now?.living || view.uid !== uid || agree(now, view)) return false;
      await this.lifecycles.signalDecision(now, { again: true });
      return true;
    } catch (error) {
      // One that does not answer keeps nobody else from being asked; the next census asks it again.
      if (error instanceof LifecycleUnavailable) return false;
      throw error;
    }
  }
}

/** A run that has not spoken yet, or shows what it has not said. */
function differs(told: ToldNode, { runId, phase, liveness, approval }: RunningLifecycle): boolean {
  return (
    (told.run !== undefined && told.run !== runId) ||
    told.phase !== phase ||
    told.liveness !== liveness ||
    told.approval !== approval
  );
}

function agree({ decision, applied }: NodeRecord, { seq, decisionId, revision }: LifecycleView): boolean {
  if (applied?.revision !== revision) return false;
  // One that the workflow was not told of yet is the reminder's concern.
  return (
    decision.seq > seq ||
    (decision.seq === seq && (decision.id === decisionId || decision.id === undefined || decisionId === undefined))
  );
}
