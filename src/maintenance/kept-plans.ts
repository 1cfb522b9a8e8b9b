import { Injectable } from '@nestjs/common';
import type { PlanKeeper, PlanLook } from '../../activities/ports.js';
import { decide, type DecisionContext } from '../../contract/decision.js';
import { eventOf } from '../../contract/lifecycle.js';
import { judgePlan } from '../../contract/plan.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';

/** Maximum number of attempts to commit: each failure means that another decision came first. */
const MAX_ATTEMPTS = 10;

const FOLLOWING = ['begin', 'end', 'lapse'] as const;
type Following = (typeof FOLLOWING)[number];

/** Commits planned deactivations and their ends when their time has come, by compare-and-set, so that a person's later decision prevails. */
@Injectable()
export class KeptPlans implements PlanKeeper {
  private readonly kept: Readonly<Record<Following, Count>>;

  constructor(
    private readonly nodes: NodeStore,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.kept = metrics.counts(
      'rollcall_planned_decisions_total',
      'What was said ahead of time and was done by this worker when its moment had come',
      'action',
      FOLLOWING,
    );
  }

  async keep(uid: string): Promise<PlanLook> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const node = await this.nodes.findByUid(uid);
      if (!node?.living) return {};
      const { decision } = node;
      const now = this.clock.now();
      const verdict = judgePlan(decision, now);
      if (verdict.is === 'stay')
        return { decision, ...(verdict.againAt !== undefined && { againMs: verdict.againAt - now }) };
      // The result is judged again, since an end and another beginning may be due together.
      if ((await this.commit(node, verdict.is, now)) !== 'conflict') this.kept[verdict.is].inc();
    }
    throw new Error('others keep deciding about the node');
  }

  private commit(node: NodeRecord, action: Following, at: EpochMs): Promise<NodeRecord | 'conflict'> {
    const context = contextOf(node, action, at);
    return this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision: decide(node.decision, action, context),
      event: nodeEvent(node, eventOf(action), at, { by: context.by, from: null }, context.reason),
    });
  }
}

/** A plan begins in the name of its author, and ends in that of the system. */
function contextOf({ decision }: NodeRecord, action: Following, at: EpochMs): DecisionContext {
  const { planned, availability } = decision;
  if (action === 'begin') return { at, by: planned?.by ?? SYSTEM, reason: planned?.reason ?? '' };
  const what = action === 'end' ? availability : planned;
  const why = what === undefined || what.reason === '' ? '' : `: ${what.reason}`;
  const says = action === 'end' ? 'its end has come' : 'its end came before it could begin';
  return { at, by: SYSTEM, reason: `deactivated by ${what?.by ?? SYSTEM}, and ${says}${why}` };
}
