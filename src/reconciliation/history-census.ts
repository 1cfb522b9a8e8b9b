import { Inject, Injectable } from '@nestjs/common';
import type { LifecycleView } from '../../contract/lifecycle.js';
import { inBatches } from '../mechanics/in-batches.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { LifecycleSignals, LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows, type RunningLifecycle } from '../lifecycle/lifecycle-workflows.js';
import { ReconciliationStore, type ToldNode } from './reconciliation-store.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Maximum number of nodes asked per census because their record and the index of workflows differ. */
const MOST_SUSPECTS = 500;
/** Number of other nodes asked per census, in turn: covers a small cluster, and is a negligible load in a large one. */
const OTHERS = 50;
const AT_ONCE = 8;

/**
 * Compares each workflow's last projection in the record with its present state. Lasting differences mean that one of them was restored to an
 * earlier state: MongoDB from a backup, or a workflow by a reset. Such a workflow is told what the record holds, whereupon the two agree on a
 * common state (docs/adr/0018). One that does not answer because its history does not replay is rebuilt.
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
    private readonly stuck: StuckLifecycles,
  ) {}

  /**
   * @returns how many workflows were told or rebuilt
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

  /** The next nodes in turn, by uid, across censuses. */
  private nextOf(uids: readonly string[]): string[] {
    const sorted = uids.toSorted();
    const later = sorted.filter((uid) => uid > this.lastAsked);
    const next = [...later, ...sorted.filter((uid) => uid <= this.lastAsked)].slice(0, OTHERS);
    this.lastAsked = next.at(-1) ?? '';
    return next;
  }

  private async settle(uid: string): Promise<boolean> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living) return false;
    // One that does not answer must not block the others; the next census asks it again.
    return unlessUnavailable(async () => {
      const view = await unlessUnavailable(() => this.signals.queryLifecycle(node));
      if (!view) return this.stuck.rebuildIfBroken(node);
      // Ignores other incarnations, and differences that were settled meanwhile.
      const now = await this.nodes.findByUid(uid);
      if (!now?.living || view.uid !== uid || agree(now, view)) return false;
      await this.lifecycles.signalDecision(now, { again: true });
      return true;
    });
  }
}

async function unlessUnavailable<Answer>(ask: () => Promise<Answer>): Promise<Answer | false> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LifecycleUnavailable) return false;
    throw error;
  }
}

/** Whether the run has not projected anything yet, or shows a state that it has not projected. */
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
  // A decision that the workflow has not heard of yet is left to DecisionReminder.
  return (
    decision.seq > seq ||
    (decision.seq === seq && (decision.id === decisionId || decision.id === undefined || decisionId === undefined))
  );
}
