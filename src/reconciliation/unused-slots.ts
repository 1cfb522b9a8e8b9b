import { Inject, Injectable } from '@nestjs/common';
import { formatDuration } from '../../contract/duration.js';
import { SYSTEM } from '../../contract/states.js';
import { EVERYWHERE } from '../auth/reach.js';
import { TokenStore } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { ProblemError } from '../http/problem-error.js';
import { DecisionService } from '../decisions/decision.service.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';

/** Maximum number of slots removed per pass. */
const AT_ONCE = 100;

/** Injection token of the retention of unused slots, in milliseconds. */
export const UNUSED_SLOT_RETENTION = Symbol('UnusedSlotRetention');

/** Removes slots that no agent can join any more: their bootstrap token has expired unused and was not replaced. */
@Injectable()
export class UnusedSlots {
  /** @param retentionMs how long a slot stays after its token has expired, in milliseconds; 0 keeps it for good */
  constructor(
    @Inject(TokenStore) private readonly tokens: Pick<TokenStore, 'slotsExpiredBefore'>,
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    @Inject(DecisionService) private readonly decisions: Pick<DecisionService, 'decide'>,
    private readonly clock: Clock,
    @Inject(UNUSED_SLOT_RETENTION) private readonly retentionMs: number,
  ) {}

  /** @returns the number of removed slots */
  async pass(): Promise<number> {
    if (this.retentionMs === 0) return 0;
    let removed = 0;
    for (const uid of await this.tokens.slotsExpiredBefore(this.clock.now() - this.retentionMs, AT_ONCE))
      removed += Number(await this.remove(uid));
    return removed;
  }

  private async remove(uid: string): Promise<boolean> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living || node.decision.registered) return false;
    const reason = `its bootstrap token expired unused more than ${formatDuration(this.retentionMs)} ago`;
    try {
      await this.decisions.decide(node.name, 'remove', {
        actor: { by: SYSTEM, from: null },
        reach: EVERYWHERE,
        reason,
        waitMs: 0,
        check: (found) => {
          if (found.uid !== uid || found.decision.registered) throw nodeNotFound(node.name);
        },
      });
      return true;
    } catch (error) {
      // The slot was removed or joined meanwhile.
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }
}
