import { Inject, Injectable } from '@nestjs/common';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { inBatches } from '../mechanics/in-batches.js';
import { NodeStore } from '../record/node-store.js';
import { LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows, type LeftBehindRun } from '../lifecycle/lifecycle-workflows.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';

/** Injection token of the cluster's worker deployment; null where it has none. */
export const WORKER_DEPLOYMENT = Symbol('WorkerDeployment');

/** Maximum number of runs woken per census: 5 a second, the same rate as looks for silent nodes. */
const MOST = 150;
const AT_ONCE = 8;
/** Time after which a woken run that has not moved counts as having no worker, in milliseconds. */
const WAITS_MS = 120_000;

export interface VersionFindings {
  /** Number of runs that were woken. */
  woken: number;
  /** Versions whose runs wait for workers, and the number of those runs. */
  waiting: { buildId: string; count: number }[];
}

/**
 * Wakes lifecycles that are still on an earlier version of the workers. They change over with their next task, which may be a long time coming:
 * a node that waits for approval has none. Each run is told its present decision again, once, so that the old workers can be shut down. See
 * docs/adr/0033.
 */
@Injectable()
export class VersionCensus {
  private readonly told = new FirstSeen();

  constructor(
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly lifecycles: Lifecycles,
    private readonly workflows: LifecycleWorkflows,
    @Inject(WORKER_DEPLOYMENT) private readonly deployment: string | null,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /** @throws LifecycleUnavailable where Temporal does not answer */
  async take(): Promise<VersionFindings> {
    const behind = new Map<string, LeftBehindRun>();
    if (this.deployment !== null)
      for await (const run of this.workflows.leftBehind(this.deployment)) behind.set(run.runId, run);
    const runs = [...behind.values()];
    const now = this.clock.now();
    const known = runs.filter(({ runId }) => this.told.has(runId));
    const fresh = runs.filter(({ runId }) => !this.told.has(runId)).slice(0, MOST);
    const took = await inBatches(fresh, AT_ONCE, (run) => this.wake(run));
    const told = [...known, ...fresh.filter((_, index) => took[index])].map(({ runId }) => runId);
    const waiting = new Map<string, number>();
    for (const runId of this.told.seenFor(WAITS_MS, told, now)) {
      const { buildId = '' } = behind.get(runId) ?? {};
      waiting.set(buildId, (waiting.get(buildId) ?? 0) + 1);
    }
    return {
      woken: took.filter((isTold) => isTold).length,
      waiting: [...waiting].map(([buildId, count]) => ({ buildId, count })),
    };
  }

  private async wake({ uid }: LeftBehindRun): Promise<boolean> {
    try {
      const node = await this.nodes.findByUid(uid);
      if (node) await this.lifecycles.signalDecision(node, { again: true });
      return node !== null;
    } catch (error) {
      // One that refuses must not keep the others from changing over.
      if (error instanceof LifecycleUnavailable) return false;
      throw error;
    }
  }
}
