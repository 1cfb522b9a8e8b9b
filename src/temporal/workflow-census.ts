import type { Clock } from '../clock.js';
import type { NodeRecord, NodeStore } from '../nodes/node-store.js';
import { LifecycleIdTaken, type LifecycleSignals } from './lifecycle-signals.js';
import type { LifecycleWorkflows } from './lifecycle-workflows.js';
import type { ReconciliationStore } from './reconciliation-store.js';

/** Temporal's index and the workflows' last steps lag behind the record; younger differences are none. In milliseconds. */
const GRACE_MS = 60_000;
/** A workflow that runs so long after its node's removal has not ended by itself. In milliseconds. */
const TERMINATION_MS = 5 * 60_000;

/** What a census found and mended. */
export interface CensusFindings {
  started: number;
  ended: number;
  /** Workflows of nodes that the record does not know at all; they are left alone, in case the record is the wrong one. */
  unknown: number;
  /** Why nodes get no workflow: one sentence each, for people, who alone can mend it. */
  blocked: string[];
}

/**
 * Compares the workflows that run with the nodes that live, one by one: makes up for workflows that were lost with
 * Temporal's database, and ends those that outlived their node.
 */
export class WorkflowCensus {
  constructor(
    private readonly record: ReconciliationStore,
    private readonly nodes: NodeStore,
    private readonly signals: LifecycleSignals,
    private readonly workflows: LifecycleWorkflows,
    private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async take(): Promise<CensusFindings> {
    const findings: CensusFindings = { started: 0, ended: 0, unknown: 0, blocked: [] };
    const withoutNode = new Set<string>();
    for await (const { uid } of this.workflows.running()) withoutNode.add(uid);

    for await (const { uid } of this.record.begun(this.clock.now() - GRACE_MS)) {
      if (withoutNode.delete(uid)) continue;
      try {
        if (await this.startMissing(uid)) findings.started += 1;
      } catch (error) {
        if (!(error instanceof LifecycleIdTaken)) throw error;
        findings.blocked.push(error.message);
      }
    }
    for (const uid of withoutNode) {
      const node = await this.nodes.findByUid(uid);
      if (!node) findings.unknown += 1;
      else if (!node.living && (await this.end(node))) findings.ended += 1;
    }
    return findings;
  }

  private async startMissing(uid: string): Promise<boolean> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living || (await this.workflows.incarnationOf(node.name)) === uid) return false;
    await this.signals.ensureStarted(node);
    return true;
  }

  private async end(node: NodeRecord): Promise<boolean> {
    const sinceRemovalMs = this.clock.now() - (node.removedAt ?? 0);
    if (sinceRemovalMs < GRACE_MS) return false;
    if (sinceRemovalMs < TERMINATION_MS) await this.signals.signalDecision(node);
    else await this.workflows.terminate(node, 'its node was removed, and it did not end');
    return true;
  }
}
