import type { AgentClock } from '../process/agent-clock.js';
import type { Log } from '../process/log.js';

/** How long an address is avoided after a failure, in milliseconds; doubles from the first value to the last. */
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 300_000;

interface Health {
  failures: number;
  restUntil: number;
}

/**
 * Addresses of the orchestrator's replicas, in the order in which to try them: the configured order, with those that failed
 * lately at the end. An agent returns to the first address after its pause, so that a restart of one replica does not move all agents
 * to another for good.
 */
export class Orchestrators {
  private readonly health = new Map<string, Health>();
  private current: string | undefined;

  constructor(
    private readonly addresses: readonly string[],
    private readonly clock: AgentClock,
    private readonly log: Log,
  ) {}

  inOrder(): string[] {
    const now = this.clock.elapsed();
    const rest = (address: string) => Math.max(0, (this.health.get(address)?.restUntil ?? 0) - now);
    // The sort is stable: addresses that are not avoided keep the configured order.
    return [...this.addresses].sort((a, b) => rest(a) - rest(b));
  }

  failed(address: string): void {
    const failures = (this.health.get(address)?.failures ?? 0) + 1;
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures - 1, 10));
    this.health.set(address, { failures, restUntil: this.clock.elapsed() + restMs });
  }

  answered(address: string): void {
    this.health.delete(address);
    if (this.current === address) return;
    if (this.current !== undefined)
      this.log.info({ from: this.current, to: address }, `using the orchestrator at ${address}`);
    this.current = address;
  }
}
