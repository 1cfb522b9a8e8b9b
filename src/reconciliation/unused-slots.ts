import { formatDuration } from '../../contract/duration.js';
import { SYSTEM } from '../../contract/states.js';
import type { TokenStore } from '../auth/token-store.js';
import type { Clock } from '../mechanics/clock.js';
import { ProblemError } from '../http/problem-error.js';
import type { DecisionService } from '../decisions/decision.service.js';
import { nodeNotFound } from '../record/node-problems.js';
import type { NodeStore } from '../record/node-store.js';

/** Removed in one pass, at most. */
const AT_ONCE = 100;

/** Removes slots that no agent can join any more: their bootstrap token expired unused, and nobody has made another since. */
export class UnusedSlots {
  /** @param retentionMs how long a slot stays after its token has expired, in milliseconds; 0 keeps it for good */
  constructor(
    private readonly tokens: Pick<TokenStore, 'slotsExpiredBefore'>,
    private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly decisions: Pick<DecisionService, 'decide'>,
    private readonly clock: Clock,
    private readonly retentionMs: number,
  ) {}

  /** @returns how many it removed */
  async pass(): Promise<number> {
    if (this.retentionMs === 0) return 0;
    let removed = 0;
    for (const uid of await this.tokens.slotsExpiredBefore(this.clock.now() - this.retentionMs, AT_ONCE)) removed += Number(await this.remove(uid));
    return removed;
  }

  private async remove(uid: string): Promise<boolean> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living || node.decision.registered) return false;
    const reason = `its bootstrap token expired unused more than ${formatDuration(this.retentionMs)} ago`;
    try {
      await this.decisions.decide(node.name, 'remove', {
        actor: { by: SYSTEM, from: null },
        reason,
        waitMs: 0,
        check: (found) => {
          if (found.uid !== uid || found.decision.registered) throw nodeNotFound(node.name);
        },
      });
      return true;
    } catch (error) {
      // It was removed, or an agent has joined, since it was found.
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }
}
