import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { availabilityOf } from '../../contract/decision.js';
import type { ErrorCode } from '../../contract/errors.js';
import { isoTime } from '../../contract/iso-time.js';
import type { OwnAvailability, ownAvailabilityRequestSchema } from '../../contract/schemas/own-availability.js';
import { agentName } from '../auth/caller.js';
import type { Lifetime } from '../auth/lifetime.js';
import { EVERYWHERE } from '../auth/reach.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { pauseBeforeLook } from '../mechanics/patient-looks.js';
import { nodeRemoved } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';
import { DecisionService } from './decision.service.js';

/** Refusals that mean that the node is in the requested state already: the answer is the present state. */
const SO_ALREADY: ReadonlySet<ErrorCode> = new Set(['NODE_DRAINING', 'NODE_DRAINED', 'NODE_ALREADY_ACTIVE']);
/** Pace of waiting for a drain, which takes from a moment to days. */
const PACE = { least: 20, most: 2_000, lateBy: 1 / 8 };

/** Nodes' decisions about themselves: to be taken out, and to come back where nobody else took them out. */
@Injectable()
export class NodesOwnDecisions {
  constructor(
    private readonly decisions: DecisionService,
    private readonly nodes: NodeStore,
    private readonly quotas: NodeQuotas,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError NODE_TAKEN_OUT_BY_OTHERS, TOO_MANY_REQUESTS, or what the transition table forbids */
  async decide(
    node: NodeRecord,
    { value, reason, deadlineMs, onDeadline }: z.output<typeof ownAvailabilityRequestSchema>,
    from: string | null,
  ): Promise<OwnAvailability> {
    this.quotas.demand(node, 'decisions about itself');
    try {
      await this.decisions.decide(node.name, value === 'ACTIVE' ? 'activate' : 'deactivate', {
        actor: { by: agentName(node), from },
        reach: EVERYWHERE,
        reason,
        waitMs: 0,
        patienceMs: deadlineMs,
        onDeadline,
        origin: 'node',
        // By now the name may belong to another machine.
        check: ({ uid }) => {
          if (uid !== node.uid) throw nodeRemoved(node);
        },
      });
      this.quotas.take(node, 'decisions about itself');
    } catch (error) {
      const code = error instanceof ProblemError ? error.fault.code : undefined;
      if (code === 'NODE_NOT_FOUND') throw nodeRemoved(node);
      if (code === undefined || !SO_ALREADY.has(code)) throw error;
    }
    return viewOf(await this.latest(node));
  }

  /** The present state, after waiting up to `waitMs` for the drain to end or to be cancelled. */
  async look(node: NodeRecord, waitMs: number, { ended }: Lifetime): Promise<OwnAvailability> {
    const began = this.clock.now();
    for (let latest = node; ; latest = await this.latest(node)) {
      const view = viewOf(latest);
      const waitedMs = this.clock.now() - began;
      if (view.availability !== 'DRAINING' || waitedMs >= waitMs || ended.aborted) return view;
      await sleep(pauseBeforeLook(PACE, waitedMs, waitMs), undefined, { signal: ended }).catch(() => undefined);
    }
  }

  private async latest(node: NodeRecord): Promise<NodeRecord> {
    const latest = await this.nodes.findByUid(node.uid);
    if (latest === null || !latest.living) throw nodeRemoved(node);
    return latest;
  }
}

function viewOf({ decision, applied }: NodeRecord): OwnAvailability {
  const { availability: ruling, removal } = decision;
  const isOut = ruling.value === 'DRAINED';
  return {
    availability: availabilityOf(ruling, applied?.view.drainedSeq ?? 0),
    since: isoTime(ruling.since),
    reason: ruling.reason,
    by: ruling.by,
    own: isOut && ruling.origin === 'node' && removal === undefined,
    deadline: isOut && ruling.deadline !== undefined ? isoTime(ruling.deadline) : null,
    sessions: applied?.view.activeSessions ?? 0,
  };
}
