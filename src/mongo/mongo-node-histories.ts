import { Injectable } from '@nestjs/common';
import type { AgreedHistory, HistoryRequest, NodeHistoryStore } from '../../activities/ports.js';
import type { Decision } from '../../contract/decision.js';
import { makerOf, orderOf, renumbered } from '../../contract/decision-history.js';
import { eventOf } from '../../contract/lifecycle.js';
import { Clock } from '../mechanics/clock.js';
import { nodeEvent } from '../record/node-event.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { SessionStore } from '../sessions/session-store.js';
import { carriedLifecycle } from '../lifecycle/lifecycle-input.js';
import { TransactionAbandoned } from './database-unavailable.js';

/** Reconciles a record and a workflow of which one was restored to an earlier state. */
@Injectable()
export class MongoNodeHistories implements NodeHistoryStore {
  constructor(
    private readonly nodes: NodeStore,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  async reconcile({ uid, decision, revision }: HistoryRequest): Promise<AgreedHistory> {
    const node = await this.nodes.findByUid(uid);
    if (!node?.living) return { decision };
    const agreed = await this.agree(node, decision);
    const { applied } = node;
    if (applied === null || applied.revision < revision) return { decision: agreed };
    return { decision: agreed, carried: carriedLifecycle(applied, await this.sessions.recordOf(uid)) };
  }

  private async agree(node: NodeRecord, workflows: Decision): Promise<Decision> {
    switch (orderOf(node.decision, workflows)) {
      case 'same':
      case 'record later':
        return node.decision;
      case 'record behind':
        return this.commit(node, workflows, "the record had lost it, and has it from the node's workflow again");
      case 'apart':
        return this.commit(
          node,
          renumbered(node.decision, workflows),
          `numbered anew: the record had lost decision ${workflows.seq}`,
        );
    }
  }

  /** Commits with an event, since the decision in force changes without a request. */
  private async commit(node: NodeRecord, decision: Decision, why: string): Promise<Decision> {
    const { by, reason } = makerOf(decision);
    const event = nodeEvent(
      node,
      eventOf(decision.action),
      this.clock.now(),
      { by, from: null },
      reason === '' ? why : `${reason} (${why})`,
    );
    const committed = await this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision,
      event,
    });
    // Another decision was committed at the same moment: the activity is retried and finds it.
    if (committed === 'conflict') throw new TransactionAbandoned(new Error('the node was decided about meanwhile'));
    return committed.decision;
  }
}
