import { signalRegime } from '../../contract/heartbeat-pace.js';
import type { EpochMs } from '../../contract/states.js';
import { contentOf, type Bucket } from '../mechanics/token-buckets.js';
import type { NodeSummary } from '../record/node-summary.js';

/** What the policy reads of a heartbeat. */
interface Beat {
  bootId: string;
}

/**
 * `change`: told, whatever the budget; `within_budget`: told though nothing changed; `over_budget`: not told, the budget is used up; `no_change`:
 * not told, of so large a fleet only changes are.
 */
export const FORWARDING_VERDICTS = ['change', 'within_budget', 'over_budget', 'no_change'] as const;
export type ForwardingVerdict = (typeof FORWARDING_VERDICTS)[number];

/** What the fleet is like at the moment. */
interface Fleet {
  /** Nodes. */
  current: number;
  /** Replicas of the api that take heartbeats, this one among them. */
  replicas: number;
}

/**
 * Which heartbeats a node's workflow hears of. In a small fleet all of them, so that each resets its timer; in a fleet
 * whose heartbeats are more than the budget only those that change something: the timer then asks the record for evidence.
 * The budget is the fleet's: each replica of the api takes an equal share of it.
 */
export class HeartbeatForwarding {
  private bucket: Bucket;

  /**
   * @param budgetPerSecond signals that the fleet may be sent for heartbeats that change nothing
   * @param pace how often each node beats, in milliseconds
   */
  constructor(
    private readonly budgetPerSecond: number,
    private readonly pace: { readonly intervalMs: number },
    private readonly fleet: Readonly<Fleet>,
  ) {
    // As full as it is at the first heartbeat, whenever that comes.
    this.bucket = { left: Math.max(1, budgetPerSecond), filledAt: Number.POSITIVE_INFINITY };
  }

  /** Why the workflow hears of it, or why it is left to find it in the record. */
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

/** The first since its approval, a return, or a new boot. */
function changesSomething({ applied }: Pick<NodeSummary, 'applied'>, { bootId }: Beat): boolean {
  return applied === null || applied.phase === 'WAITING' || applied.liveness !== 'HEALTHY' || applied.bootId !== bootId;
}
