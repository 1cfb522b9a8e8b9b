import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { ServiceLog } from '../process/service-log.js';
import { TemporalProbe } from '../process/server-probe.js';
import type { NodeRecord } from '../record/node-record.js';
import {
  LifecycleIdTaken,
  LifecycleRefused,
  LifecycleUnavailable,
  PayloadUnreadable,
} from '../lifecycle/lifecycle-signals.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';

/** Consecutive refusals after which a workflow counts as stuck. */
const REFUSALS = 3;
/** Consecutive failures after which it counts as stuck, where they may be transient failures of Temporal's. */
const FAILURES = 15;
/** Pause before a workflow is rebuilt again, in milliseconds: refusing right after a rebuild must have another cause. */
const REST_MS = 10 * 60_000;

interface Trouble {
  refusals: number;
  failures: number;
  rebuiltAt?: EpochMs;
}

/**
 * Lifecycles that refuse what they are told, or whose history does not replay. Failures are counted per lifecycle, so that none holds up another;
 * a stuck one is rebuilt from the record, which has everything that it was told. That of a removed node is terminated.
 */
@Injectable()
export class StuckLifecycles {
  private readonly troubles = new Map<string, Trouble>();
  private readonly mendings: Readonly<Record<'rebuilt' | 'ended' | 'failed', Count>>;

  constructor(
    @Inject(Lifecycles) private readonly lifecycles: Pick<Lifecycles, 'rebuild'>,
    private readonly workflows: LifecycleWorkflows,
    @Inject(TemporalProbe) private readonly temporal: Pick<TemporalProbe, 'check'>,
    @Inject(SteadyClock) private readonly clock: Clock,
    private readonly log: ServiceLog,
    metrics: MetricRegistry,
  ) {
    metrics.gauge(
      'rollcall_stuck_lifecycles',
      'Workflows that did not take what they were told last, by the replica that told them',
      {
        read: () => [...this.troubles.values()].filter(({ failures }) => failures > 0).length,
      },
    );
    this.mendings = metrics.counts(
      'rollcall_stuck_lifecycles_mended_total',
      'Stuck workflows, which refuse signals or do not replay: rebuilt from the record, ended with their removed node, or failed where that did not work',
      'outcome',
      ['rebuilt', 'ended', 'failed'],
    );
  }

  /**
   * Tells a node's workflow something, by `say`.
   * @returns whether it accepted, or was rebuilt instead
   * @throws LifecycleUnavailable where Temporal answers nobody; any other error of `say`
   */
  async tell(node: NodeRecord, say: () => Promise<void>): Promise<boolean> {
    try {
      await say();
      const rebuiltAt = this.troubles.get(node.uid)?.rebuiltAt;
      if (rebuiltAt === undefined || this.clock.now() >= rebuiltAt + REST_MS) this.troubles.delete(node.uid);
      return true;
    } catch (error) {
      return this.failed(node, error);
    }
  }

  /**
   * Counts a failure to tell a node's workflow something.
   * @returns whether the workflow was rebuilt
   * @throws LifecycleUnavailable where Temporal answers nobody; `error` itself where it is not Temporal's
   */
  async failed(node: NodeRecord, error: unknown): Promise<boolean> {
    if (!(error instanceof LifecycleUnavailable)) throw error;
    // Only people can resolve this; the census reports the workflow.
    if (error instanceof LifecycleIdTaken) return false;
    // The workflow is fine, and others may be able to read it; `/readyz` says which key is missing here.
    if (error instanceof PayloadUnreadable) return false;
    const isRefused = error instanceof LifecycleRefused;
    // Only where Temporal answers is this workflow at fault.
    if (!isRefused) await this.temporal.check();
    return this.mend(node, isRefused, error.message);
  }

  /**
   * Rebuilds a node's workflow whose history does not replay: it takes signals, and acts on none.
   * @returns whether it was rebuilt
   * @throws LifecycleUnavailable where Temporal answers nobody
   */
  async rebuildIfBroken(node: NodeRecord): Promise<boolean> {
    if (!(await this.workflows.doesNotReplay(node))) return false;
    return this.replace(node, 'its history does not replay');
  }

  private async mend(node: NodeRecord, isRefused: boolean, reason: string): Promise<boolean> {
    const trouble = this.troubles.get(node.uid) ?? { refusals: 0, failures: 0 };
    this.troubles.set(node.uid, trouble);
    if (isRefused) trouble.refusals += 1;
    trouble.failures += 1;
    if (trouble.refusals < REFUSALS && trouble.failures < FAILURES) return false;
    return this.replace(node, reason);
  }

  private async replace(node: NodeRecord, reason: string): Promise<boolean> {
    const rebuiltAt = this.troubles.get(node.uid)?.rebuiltAt;
    if (rebuiltAt !== undefined && this.clock.now() < rebuiltAt + REST_MS) return false;
    this.troubles.set(node.uid, { refusals: 0, failures: 0, rebuiltAt: this.clock.now() });
    try {
      if (node.living) await this.lifecycles.rebuild(node);
      else await this.workflows.terminate(node, 'its node was removed, and it was stuck');
    } catch (error) {
      this.mendings.failed.inc();
      this.log.warn({
        msg: 'a workflow is stuck, and could not be rebuilt',
        node: node.name,
        reason,
        failure: (error as Error).message,
      });
      return false;
    }
    this.mendings[node.living ? 'rebuilt' : 'ended'].inc();
    this.log.warn({
      msg: node.living
        ? 'a workflow was stuck, and was rebuilt from the record'
        : 'a removed node’s workflow was stuck, and was terminated',
      node: node.name,
      reason,
    });
    return true;
  }
}
