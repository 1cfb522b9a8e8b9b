import type { EpochMs } from '../../contract/states.js';
import type { NodeRecord } from '../nodes/node-record.js';

/** What the policy reads of a heartbeat. */
interface Beat {
  bootId: string;
}

/**
 * Which heartbeats a node's workflow hears of. In a small fleet all of them, so that each resets its timer; in a fleet
 * whose heartbeats are more than the budget only those that change something: the timer then asks the record for evidence.
 */
export class HeartbeatForwarding {
  private tokens: number;
  private refilledAt: EpochMs | undefined;

  /**
   * @param budgetPerSecond signals that may be sent for heartbeats that change nothing
   * @param intervalMs how often each node beats, in milliseconds
   */
  constructor(
    private readonly budgetPerSecond: number,
    private readonly intervalMs: number,
  ) {
    this.tokens = Math.max(1, budgetPerSecond);
  }

  isForwarded(node: NodeRecord, beat: Beat, fleetSize: number, now: EpochMs): boolean {
    return changesSomething(node, beat) || (this.hasRoomFor(fleetSize) && this.takeToken(now));
  }

  private hasRoomFor(fleetSize: number): boolean {
    return (fleetSize * 1_000) / this.intervalMs <= this.budgetPerSecond;
  }

  private takeToken(now: EpochMs): boolean {
    const capacity = Math.max(1, this.budgetPerSecond);
    const elapsedMs = Math.max(0, now - (this.refilledAt ?? now));
    this.tokens = Math.min(capacity, this.tokens + (elapsedMs * this.budgetPerSecond) / 1_000);
    this.refilledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** The first since its approval, a return, or a new boot. */
function changesSomething({ applied }: NodeRecord, { bootId }: Beat): boolean {
  if (applied === null) return true;
  const { phase, liveness, bootId: knownBoot } = applied.view;
  return phase === 'WAITING' || liveness.value !== 'HEALTHY' || knownBoot !== bootId;
}
