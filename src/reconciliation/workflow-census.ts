import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LifecycleIdTaken } from '../lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { ReconciliationStore } from './reconciliation-store.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Temporal's index and the workflows' last steps lag behind the record; younger differences are none. In milliseconds. */
const GRACE_MS = 60_000;
/** A workflow that was seen to run so long after its node's removal has not ended by itself. In milliseconds. */
const TERMINATION_MS = 5 * 60_000;

/** What a census found and mended. */
export interface CensusFindings {
  started: number;
  ended: number;
  /** Workflows of nodes that the record does not know at all; they are left alone, in case the record is the wrong one. */
  unknown: number;
  /** Workflows that do not take what they are told. */
  refusing: number;
  /** Why nodes get no workflow: one sentence each, for people, who alone can mend it. */
  blocked: string[];
}

/**
 * Compares the workflows that run with the nodes that live, one by one: makes up for workflows that were lost with
 * Temporal's database, and ends those that outlived their node.
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
