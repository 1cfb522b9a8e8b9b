import { MACHINE_BOUNDS, within } from '../../contract/machine-bounds.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { EngineSession } from './session-engine.js';

/** Sums the usage of sessions: memory now, and processor time since the last reading. */
export class UsageMeter {
  private last = new Map<string, number>();
  private lastElapsed: number;

  constructor(private readonly clock: AgentClock) {
    this.lastElapsed = clock.elapsed();
  }

  /** @returns cores, and bytes */
  async read(sessions: readonly (readonly [string, EngineSession])[]): Promise<{ cores: number; memoryBytes: number }> {
    const now = new Map<string, number>();
    let spentMs = 0;
    let memoryBytes = 0;
    for (const [id, session] of sessions) {
      const usage = await session.usage();
      if (!usage) continue;
      now.set(id, usage.cpuMs);
      spentMs += usage.cpuMs - (this.last.get(id) ?? 0);
      memoryBytes += usage.memoryBytes;
    }
    const elapsed = this.clock.elapsed();
    const passedMs = elapsed - this.lastElapsed;
    this.last = now;
    this.lastElapsed = elapsed;
    const cores = passedMs > 0 ? Math.round((spentMs / passedMs) * 100) / 100 : 0;
    return { cores: within(MACHINE_BOUNDS.cores, cores), memoryBytes: within(MACHINE_BOUNDS.memoryBytes, memoryBytes) };
  }
}
