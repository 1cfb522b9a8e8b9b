import { signalRegime } from '../../contract/heartbeat-pace.js';
import type { EpochMs } from '../../contract/states.js';
import { contentOf, type Bucket } from '../mechanics/token-buckets.js';
import type { NodeSummary } from '../record/node-summary.js';

/** The part of a heartbeat that the policy depends on. */
interface Beat {
  bootId: string;
}

/**
 * Signalled: `change`, whatever the budget; `within_budget`, although nothing changed. Not signalled: `over_budget`, since the budget is used up;
 * `no_change`, since of a large fleet only changes are.
 */
export const FORWARDING_VERDICTS = ['change', 'within_budget', 'over_budget', 'no_change'] as const;
export type ForwardingVerdict = (typeof FORWARDING_VERDICTS)[number];

/** Size of the fleet at present. */
interface Fleet {
  /** Number of nodes. */
  current: number;
  /** Number of api replicas that take heartbeats, including this one. */
  replicas: number;
}

/**
 * Decides which heartbeats are signalled to a node's workflow. In a small fleet all are, so that each resets the workflow's timer; where heartbeats
 * exceed the budget, only those that change something, and the timer then asks the record for evidence. Each api replica takes an equal share
 * of the fleet's budget.
 */
export class HeartbeatForwarding {
  private bucket: Bucket;

  /**
   * @param budgetPerSecond signals a second, fleet-wide, for heartbeats that change nothing
   * @param pace the heartbeat interval, in milliseconds
   */
  constructor(
    private readonly budgetPerSecond: number,
    private readonly pace: { readonly intervalMs: number },
    private readonly fleet: Readonly<Fleet>,
  ) {
    // Full until the first heartbeat, whenever that comes.
    this.bucket = { left: Math.max(1, budgetPerSecond), filledAt: Number.POSITIVE_INFINITY };
  }

  /** Whether and why the heartbeat is signalled to the workflow. */
  verdict(node: Pick<NodeSummary, 'applied'>, beat: Beat, now: EpochMs): ForwardingVerdict {
    if (changesSomething(node, beat)) return 'change';
    if (signalRegime(this.fleet.current, this.pace.intervalMs, this.budgetPerSecond) !== 'every') return 'no_change';
    return this.takeToken(now) ? 'within_budget' : 'over_budget';
  }

  private takeToken(now: EpochMs): boolean {
    const share = this.budgetPerSecond / Math.max(1, this.fleet.replicas);
    const left = contentOf(this.bucket, { burst: Math.max(1, share), perSecond: share }, now);
    this.bucket = { left: left < 1 ? left : left - 1, filledAt: now };
    return left >= 1;
  }
}

/** Whether it is the first heartbeat since approval, after a silence, or of a new boot. */
function changesSomething({ applied }: Pick<NodeSummary, 'applied'>, { bootId }: Beat): boolean {
  return applied === null || applied.phase === 'WAITING' || applied.liveness !== 'HEALTHY' || applied.bootId !== bootId;
}
