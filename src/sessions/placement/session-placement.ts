import { Injectable, Logger } from '@nestjs/common';
import { RESOURCE_KINDS, type PlacementRefusal } from '../../../contract/placement.js';
import { reservationFor } from '../../../contract/sessions.js';
import type { EpochMs } from '../../../contract/states.js';
import type { Reach } from '../../auth/reach.js';
import { Clock } from '../../mechanics/clock.js';
import { LifecycleSignals, LifecycleUnavailable } from '../../lifecycle/lifecycle-signals.js';
import type { SessionRecord } from '../session-record.js';
import { SessionStore } from '../session-store.js';
import { Assignments, type Assignment } from './assignments.js';
import type { Candidate, Wish } from './candidate.js';
import { CandidateCache } from './candidate-cache.js';
import { explain } from './explain.js';
import type { Hindrance } from './hindrance.js';
import { InFlight } from './in-flight.js';
import { NodeQueues } from './node-queues.js';
import { rank } from './rank.js';

/** Number of nodes ranked at a time. */
const PICKED = 8;
/** Consecutive nodes without an answer after which Temporal counts as unavailable. */
const SILENT_IN_A_ROW = 2;
/** Time limit of a placement, in milliseconds. */
const PATIENCE_MS = 15_000;

/** `withdrawn`: the session was decided about meanwhile. `unavailable`: no node could be asked. */
export type PlacementOutcome =
  | { placed: { uid: string; name: string } }
  | { none: string }
  | { unavailable: string }
  | { withdrawn: true };

/** `OUT_OF_REACH`: the node's labels have changed since it was picked. */
type Refusal = PlacementRefusal | 'OUT_OF_REACH';

/** Finds a node for a session: asks the best ones in turn, until one takes it. */
@Injectable()
export class SessionPlacement {
  private readonly logger = new Logger(SessionPlacement.name);
  private readonly inFlight = new InFlight();
  private readonly queues = new NodeQueues();
  private readonly assignments: Assignments;

  constructor(
    private readonly candidates: CandidateCache,
    private readonly signals: LifecycleSignals,
    store: SessionStore,
    private readonly clock: Clock,
  ) {
    this.assignments = new Assignments(store);
  }

  /** @param reach of the caller; only nodes within it are candidates */
  async place(session: SessionRecord, strategy: Wish['strategy'], reach: Reach): Promise<PlacementOutcome> {
    const wish = wishOf(session, strategy, reach);
    const attempt = new Attempt(this.clock.now() + PATIENCE_MS);
    // First by the cached candidates, counting sessions in flight.
    const known = await this.candidates.recent();
    const outcome = await this.tryAll(session, wish, attempt, known, (candidate) =>
      this.inFlight.added(candidate, this.clock.now()),
    );
    if (outcome !== undefined) return outcome;
    // Before refusing, by fresh candidates.
    const fresh = await this.candidates.fresh();
    return (await this.tryAll(session, wish, attempt, fresh)) ?? none(fresh, wish, attempt);
  }

  /** The node that would be asked first, by fresh candidates, or why there is none. Asks no node. */
  async preview(
    session: SessionRecord,
    strategy: Wish['strategy'],
    reach: Reach,
  ): Promise<{ best: { uid: string; name: string } } | { none: string }> {
    const wish = wishOf(session, strategy, reach);
    const candidates = await this.candidates.fresh();
    const [best] = rank(candidates, wish, 1);
    return best === undefined ? { none: explain(candidates, wish) } : { best: { uid: best.uid, name: best.name } };
  }

  /**
   * @param seen adds sessions in flight to a candidate
   * @returns undefined where no node took the session
   */
  private async tryAll(
    session: SessionRecord,
    wish: Wish,
    attempt: Attempt,
    candidates: readonly Candidate[],
    seen = (candidate: Candidate) => candidate,
  ): Promise<PlacementOutcome | undefined> {
    for (;;) {
      const picked = rank(attempt.untried(candidates, seen), wish, PICKED);
      if (picked.length === 0) return undefined;
      for (const candidate of picked) {
        const outcome = await this.ask(session, wish, candidate, attempt);
        if (outcome !== undefined) return outcome;
      }
    }
  }

  /** @returns undefined where the node refuses, which `attempt` remembers */
  private async ask(
    session: SessionRecord,
    wish: Wish,
    candidate: Candidate,
    attempt: Attempt,
  ): Promise<PlacementOutcome | undefined> {
    const { uid, name, capacity } = candidate;
    const share = this.inFlight.begin(uid, reservationFor(session.resources));
    try {
      const outcome = await this.queues.run(uid, async (): Promise<PlacementOutcome | Refusal> => {
        if (this.clock.now() > attempt.until) return { unavailable: 'no node could be asked in time' };
        const { id, principal, statement, resources } = session;
        const refusal = await this.signals.openSession(
          { uid, name },
          { session: { id, principal, statement, resources: reservationFor(resources) }, capacity },
        );
        return refusal ?? (await this.assign(session, wish, { uid, name }));
      });
      if (typeof outcome !== 'string') {
        if ('placed' in outcome) share.taken(this.clock.now());
        else share.refused();
        return outcome;
      }
      share.refused();
      attempt.refused(uid, toHindrance(outcome));
      return undefined;
    } catch (error) {
      share.refused();
      if (!(error instanceof LifecycleUnavailable)) throw error;
      // The node may have reserved it all the same: it releases unassigned reservations by itself.
      this.logger.warn({
        msg: 'a node was not asked for a place',
        node: name,
        session: session.id,
        reason: error.message,
      });
      attempt.silent(uid);
      return attempt.silentInARow >= SILENT_IN_A_ROW ? { unavailable: error.message } : undefined;
    }
  }

  /** Assigns the session in the record, which decides whether it may use the reservation. */
  private async assign(
    session: SessionRecord,
    { reach }: Wish,
    node: { uid: string; name: string },
  ): Promise<PlacementOutcome | Refusal> {
    let assigned: Assignment | undefined;
    try {
      assigned = await this.assignments.assign(session.key, node, reach);
    } finally {
      if (assigned !== 'assigned') this.giveBack(session, node);
    }
    if (assigned === 'assigned') return { placed: node };
    if (assigned === 'out of reach') return 'OUT_OF_REACH';
    return assigned === 'out of service' ? 'NOT_ACTIVE' : { withdrawn: true };
  }

  /** Releases a reservation. Where that fails, the node releases it by itself. */
  private giveBack({ id }: SessionRecord, node: { uid: string; name: string }): void {
    this.signals
      .terminateSession(node, { sessionId: id, by: 'system', reason: 'it was not assigned', release: true })
      .catch((error: Error) => {
        this.logger.debug({ msg: 'a place was not given back', node: node.name, session: id, reason: error.message });
      });
  }
}

function wishOf({ resources, labels }: SessionRecord, strategy: Wish['strategy'], reach: Reach): Wish {
  return { resources: reservationFor(resources), labels, strategy, reach };
}

function none(candidates: readonly Candidate[], wish: Wish, { refusals }: Attempt): PlacementOutcome {
  const asked = [...refusals.values()];
  if (asked.length > 0 && asked.every((why) => 'silent' in why))
    return { unavailable: 'the nodes that could take it did not answer' };
  return { none: explain(candidates, wish, refusals) };
}

/** Answers of nodes asked for one session. */
class Attempt {
  readonly refusals = new Map<string, Hindrance>();
  silentInARow = 0;

  /** @param until time after which no further node is asked */
  constructor(readonly until: EpochMs) {}

  *untried(candidates: readonly Candidate[], seen: (candidate: Candidate) => Candidate): Iterable<Candidate> {
    for (const candidate of candidates) if (!this.refusals.has(candidate.uid)) yield seen(candidate);
  }

  refused(uid: string, why: Hindrance): void {
    this.refusals.set(uid, why);
    this.silentInARow = 0;
  }

  silent(uid: string): void {
    this.refusals.set(uid, { silent: true });
    this.silentInARow += 1;
  }
}

function toHindrance(refusal: Refusal): Hindrance {
  if (refusal === 'OUT_OF_REACH') return { outOfReach: true };
  const lacks = RESOURCE_KINDS.find((kind) => refusal === `LACKS_${kind.toUpperCase()}`);
  if (lacks) return { lacks };
  if (refusal === 'TOO_MANY_SESSIONS') return { full: true };
  return { obstacle: refusal === 'NOT_HEALTHY' ? 'NOT_HEALTHY' : 'NOT_ACTIVE' };
}
