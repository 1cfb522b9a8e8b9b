import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LifecycleIdTaken } from '../lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Age below which a difference is ignored, in milliseconds: Temporal's index and ending workflows lag behind the record. */
const GRACE_MS = 60_000;
/** How long after its node's removal a workflow may run before it is terminated, in milliseconds. */
const TERMINATION_MS = 5 * 60_000;

/** Result of a census. */
export interface CensusFindings {
  started: number;
  ended: number;
  /** Number of workflows whose nodes the record does not know; they are left alone, in case it is the wrong record. */
  unknown: number;
  /** Number of workflows that refuse what they are told. */
  refusing: number;
  /** Why nodes get no workflow, one sentence each; only people can resolve these. */
  blocked: string[];
}

/**
 * Compares running workflows with living nodes, one by one: starts workflows that were lost with Temporal's database, and terminates those that
 * outlived their node.
 */
@Injectable()
export class WorkflowCensus {
  private readonly outlived = new FirstSeen();

  constructor(
    private readonly record: ReconciliationStore,
    private readonly nodes: NodeStore,
    private readonly lifecycles: Lifecycles,
    private readonly workflows: LifecycleWorkflows,
    private readonly stuck: StuckLifecycles,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async take(): Promise<CensusFindings> {
    const findings: CensusFindings = { started: 0, ended: 0, unknown: 0, refusing: 0, blocked: [] };
    const withoutNode = new Set<string>();
    for await (const { uid } of this.workflows.running()) withoutNode.add(uid);

    for await (const { uid } of this.record.begun())
      if (!withoutNode.delete(uid)) await this.startMissing(uid, findings);
    await this.endOutlived(await this.removedAmong(withoutNode, findings), findings);
    return findings;
  }

  private async startMissing(uid: string, findings: CensusFindings): Promise<void> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living) return;
    const taken = await this.stuck.tell(node, async () => {
      try {
        if ((await this.workflows.incarnationOf(node.name)) === uid) return;
        await this.lifecycles.ensureStarted(node);
        findings.started += 1;
      } catch (error) {
        if (error instanceof LifecycleIdTaken) findings.blocked.push(error.message);
        throw error;
      }
    });
    if (!taken) findings.refusing += 1;
  }

  private async removedAmong(uids: Iterable<string>, findings: CensusFindings): Promise<NodeRecord[]> {
    const removed: NodeRecord[] = [];
    for (const uid of uids) {
      const node = await this.nodes.findByUid(uid);
      if (!node) findings.unknown += 1;
      else if (!node.living) removed.push(node);
    }
    return removed;
  }

  private async endOutlived(removed: readonly NodeRecord[], findings: CensusFindings): Promise<void> {
    const now = this.clock.now();
    const uids = removed.map(({ uid }) => uid);
    const seen = this.outlived.seenSince(uids, now);
    for (const node of removed) {
      const sinceMs = now - (seen.get(node.uid) ?? now);
      if (sinceMs < GRACE_MS) continue;
      const taken = await this.stuck.tell(node, async () => {
        if (sinceMs < TERMINATION_MS) await this.lifecycles.signalDecision(node, { again: true });
        else await this.workflows.terminate(node, 'its node was removed, and it did not end');
      });
      if (taken) findings.ended += 1;
      else findings.refusing += 1;
    }
  }
}
