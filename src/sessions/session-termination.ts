import { Injectable, Logger } from '@nestjs/common';
import type { Session } from '../../contract/schemas/sessions.js';
import type { Actor } from '../auth/caller.js';
import type { Reach } from '../auth/reach.js';
import { Clock } from '../mechanics/clock.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { sessionBeingPlaced, sessionEnded, sessionNotFound } from './session-problems.js';
import { SessionReader } from './session-reader.js';
import { isLive, type SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';

/** Who asks, their reach, and why. */
interface TerminationWish {
  actor: Actor;
  reach: Reach;
  reason: string;
}

/** Terminates sessions on request: first in the record, of which the agent learns at once, then in the node's workflow. */
@Injectable()
export class SessionTermination {
  private readonly logger = new Logger(SessionTermination.name);

  constructor(
    private readonly store: SessionStore,
    private readonly reader: SessionReader,
    private readonly nodes: NodeStore,
    private readonly signals: LifecycleSignals,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError SESSION_NOT_FOUND, SESSION_AMBIGUOUS, SESSION_BEING_PLACED, SESSION_ENDED; FORBIDDEN where its node is out of reach */
  async terminate(id: string, wish: TerminationWish): Promise<Session> {
    return this.end(await this.reader.find(id), wish);
  }

  /** @throws ProblemError NODE_NOT_FOUND, SESSION_NOT_FOUND, SESSION_ENDED; FORBIDDEN where the node is out of reach */
  async terminateOnNode(nodeName: string, id: string, wish: TerminationWish): Promise<Session> {
    const node = await this.nodes.findLiving(nodeName);
    if (node === null) throw nodeNotFound(nodeName);
    wish.reach.demand(node);
    const record = await this.store.findOnNode(node.uid, id);
    if (record === null) throw sessionNotFound(id);
    return this.end(record, wish);
  }

  private async end(found: SessionRecord, { actor: { by }, reach, reason }: TerminationWish): Promise<Session> {
    const at = this.clock.now();
    if (found.state === 'TERMINATING') {
      await this.demandNode(found, reach);
      return this.reader.view(found);
    }
    const record = await this.unit.run(async () => {
      const after = await this.store.requestTermination(found.key, { at, by, reason });
      if (after === null) throw sessionNotFound(found.id);
      await this.demandNode(after, reach);
      if (after.state === 'PLACING') throw sessionBeingPlaced(after);
      if (!isLive(after)) throw sessionEnded(after);
      await this.answers.keep(202, () => this.reader.view(after));
      return after;
    });
    if (record.node !== null) await this.tell(record.node, record.id, by, reason);
    return this.reader.view(record);
  }

  /** A session that is being placed has no node yet. */
  private async demandNode({ node }: SessionRecord, reach: Reach): Promise<void> {
    if (reach.scopes === undefined || node === null) return;
    const [known] = await this.nodes.labelsOf([node.uid]);
    reach.demand(known ?? { name: node.name, labels: {} });
  }

  /** Tells the workflow. Failures are ignored: the record is written, the agent ends the session, and its report tells the workflow. */
  private async tell(
    node: { uid: string; name: string },
    sessionId: string,
    by: string,
    reason: string,
  ): Promise<void> {
    try {
      await this.signals.terminateSession(node, { sessionId, by, reason });
    } catch (error) {
      this.logger.warn({
        msg: 'a workflow was not told of a termination; its node will tell it',
        node: node.name,
        session: sessionId,
        reason: (error as Error).message,
      });
    }
  }
}
