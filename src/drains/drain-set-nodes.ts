import { Injectable } from '@nestjs/common';
import type { DrainBeginning, DrainLook, DrainLookRequest, DrainSetNodes } from '../../activities/drain-set-ports.js';
import {
  NO_OTHERS,
  type DrainMemberOutcome,
  type DrainSetNode,
  type DrainSetRuling,
} from '../../contract/drain-set.js';
import type { ErrorCode } from '../../contract/errors.js';
import type { WindowLook } from '../../contract/maintenance-window.js';
import type { Actor } from '../auth/caller.js';
import { EVERYWHERE, Reach } from '../auth/reach.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { DecisionService } from '../decisions/decision.service.js';
import { openingsOf, openUntil } from '../record/maintenance-window.js';
import type { NodeRecord } from '../record/node-record.js';
import { nodeNotFound } from '../record/node-problems.js';
import { NodeStore } from '../record/node-store.js';
import { WindowStore } from '../record/window-store.js';
import { whyNoUpdate } from './agent-update-outcome.js';
import { AgentWishes } from './agent-wishes.js';
import { DrainSetAvailability } from './drain-set-availability.js';
import { AGENT_UPDATE, DRAIN } from './drain-set-kinds.js';
import { beginReason, nameOf, releaseReason, type DrainSetRecord } from './drain-set-record.js';
import { DrainSetStore } from './drain-set-store.js';

const REMOVED = { is: 'over', state: 'REMOVED', reason: '' } as const;
/** Refusals for nodes that are deactivated already. */
const ALREADY: readonly ErrorCode[] = ['NODE_DRAINING', 'NODE_DRAINED'];
/** Transient refusals, after which the activity is retried. */
const PASSES: readonly ErrorCode[] = ['DECISION_CONFLICT', 'UNAVAILABLE'];

type UpdateOutcome = { state: DrainMemberOutcome; reason: string };

/** A drain set's decisions about its nodes, made in the name of the set's author. */
@Injectable()
export class DecidingDrainSetNodes implements DrainSetNodes {
  constructor(
    private readonly sets: DrainSetStore,
    private readonly nodes: NodeStore,
    private readonly windows: WindowStore,
    private readonly decisions: DecisionService,
    private readonly updates: AgentWishes,
    private readonly clock: Clock,
  ) {}

  async begin(setId: string, { uid, name }: DrainSetNode): Promise<DrainBeginning> {
    const set = await this.find(setId);
    const nodes = await this.availabilityOf(set);
    // Already begun by an earlier attempt, whose answer was lost.
    const seq = nodes.begunBy(uid);
    if (seq !== undefined) {
      await this.updates.begin(set, uid);
      return { is: 'begun', seq };
    }
    // Too early: the worker's clock is ahead, or its version of the workflow does not know start times.
    if (set.notBefore !== undefined && this.clock.now() < set.notBefore) return { is: 'full', others: NO_OTHERS };
    if (set.ruling.value !== 'resume') return { is: 'held', ruling: set.ruling };
    // The same of windows.
    if (await this.isClosed(set)) return { is: 'full', others: NO_OTHERS };
    const found = nodes.node(uid);
    const needless = set.update && found?.living ? whyNoUpdate(set.update, found) : undefined;
    if (needless) return { is: 'over', ...needless };
    if (nodes.isFullFor(uid)) return { is: 'full', others: nodes.others };
    const reason = beginReason(set);
    try {
      const { actor, onDeadline, patienceMs } = set;
      const { node: decided } = await this.decisions.decide(name, 'deactivate', {
        actor,
        reach: new Reach(actor.by, set.update === undefined ? DRAIN.role : AGENT_UPDATE.role, set.scopes),
        reason,
        waitMs: 0,
        onDeadline,
        patienceMs: patienceMs ?? undefined,
        until: set.until,
        keepsPlan: set.update && true,
        isTurn: true,
        check: (record) => checkSame(record, uid),
      });
      await this.updates.begin(set, uid);
      return { is: 'begun', seq: decided.decision.seq };
    } catch (error) {
      if (!(error instanceof ProblemError) || PASSES.includes(error.fault.code)) throw error;
      const { code, detail } = error.fault;
      if (code === 'NODE_NOT_FOUND') return REMOVED;
      const isAlready = set.update === undefined && ALREADY.includes(code);
      return { is: 'over', state: isAlready ? 'ALREADY' : 'SKIPPED', reason: detail };
    }
  }

  async look({ setId, draining, unsure, next }: DrainLookRequest): Promise<DrainLook> {
    const set = await this.find(setId);
    const nodes = await this.availabilityOf(set);
    return {
      updating: draining.filter((uid) => nodes.isUpdating(uid)),
      over: draining.flatMap((uid) => {
        const outcome = nodes.outcome(uid);
        return outcome ? [{ uid, ...outcome }] : [];
      }),
      begun: unsure.flatMap((uid) => {
        const seq = nodes.begunBy(uid);
        return seq === undefined ? [] : [{ uid, seq }];
      }),
      others: nodes.others,
      full: next !== undefined && (nodes.isFullFor(next) || (await this.isClosed(set))),
    };
  }

  async window(setId: string): Promise<WindowLook> {
    const { window: name } = await this.find(setId);
    const window = name === undefined ? null : await this.windows.find(name);
    if (window === null) return {};
    const now = this.clock.now();
    const until = openUntil(window, now);
    const [opensAt] = openingsOf(window, now);
    return { ...(until !== undefined && { until }), ...(opensAt !== undefined && { opensAt }) };
  }

  async release(setId: string, { uid, name }: DrainSetNode, seq: number): Promise<void> {
    const set = await this.find(setId);
    await this.giveBack(name, { by: set.ruling.by, from: null }, releaseReason(set), (node: NodeRecord) => {
      checkSame(node, uid);
      checkOurs(node, seq);
    });
  }

  async endUpdate(setId: string, node: DrainSetNode, outcome: UpdateOutcome): Promise<void> {
    const set = await this.find(setId);
    const reason = `${nameOf(set)}: ${outcome.state}`;
    await this.giveBack(node.name, set.actor, reason, (record) => {
      checkSame(record, node.uid);
      const { availability, removal } = record.decision;
      if (availability.reason !== beginReason(set) || removal !== undefined) throw new NotOurs();
    });
    await this.updates.end(set, node, outcome);
  }

  async hold(setId: string, seq: number): Promise<DrainSetRuling> {
    const held = await this.updates.hold(setId, seq);
    return held ?? (await this.find(setId)).ruling;
  }

  /** Activates a node that the set has drained. */
  private async giveBack(name: string, actor: Actor, reason: string, check: (node: NodeRecord) => void): Promise<void> {
    try {
      // The end of a set does not affect plans of the node, and undoes the set's drain whatever the node's labels are by then.
      const wish = { actor, reach: EVERYWHERE, reason, waitMs: 0, keepsPlan: true, check } as const;
      await this.decisions.decide(name, 'activate', wish);
    } catch (error) {
      // A node that is drained, removed or otherwise decided about is left as it is.
      const leaves = error instanceof NotOurs || (error instanceof ProblemError && !PASSES.includes(error.fault.code));
      if (!leaves) throw error;
    }
  }

  /** Whether the set is to begin no node because of its window. */
  private async isClosed({ window: name }: DrainSetRecord): Promise<boolean> {
    if (name === undefined) return false;
    const window = await this.windows.find(name);
    return window === null || openUntil(window, this.clock.now()) === undefined;
  }

  private async find(setId: string): Promise<DrainSetRecord> {
    const set = await this.sets.find(setId);
    if (!set) throw new Error(`the record has no drain set ${setId}`);
    return set;
  }

  private async availabilityOf(set: DrainSetRecord): Promise<DrainSetAvailability> {
    const turns = new Map(set.members.map(({ uid }, turn) => [uid, turn]));
    const nodes = await this.nodes.overviewsOf([...turns.keys()]);
    return new DrainSetAvailability(
      set,
      nodes.toSorted((one, other) => (turns.get(one.uid) ?? 0) - (turns.get(other.uid) ?? 0)),
    );
  }
}

/** The node was decided about since the set began its drain, or the drain is done. */
class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Throws for a later incarnation of the name, which is not a member of the set. */
function checkSame(node: NodeRecord, uid: string): void {
  if (node.uid !== uid) throw nodeNotFound(node.name);
}

/** Throws unless the node still drains by the set's own decision: only such a drain may be cancelled. */
function checkOurs({ decision, phase }: NodeRecord, seq: number): void {
  if (decision.availability.seq !== seq || decision.removal !== undefined || phase !== 'DRAINING') throw new NotOurs();
}
