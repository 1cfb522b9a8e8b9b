import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { HeartbeatStore, type LastHeartbeat } from '../heartbeats/heartbeat-store.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import type { NodeRecord } from '../record/node-record.js';
import { BackOff } from '../mechanics/back-off.js';
import { inBatches } from '../mechanics/in-batches.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { Lifecycles } from '../lifecycle/lifecycles.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { ReconciliationStore, type Backlog, type Unapplied } from './reconciliation-store.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Age below which a decision is left alone, in milliseconds: the api signals right after the commit, and workflows answer at once. */
const GRACE_MS = 1_000;
const BATCH = 500;
const AT_ONCE = 16;
/**
 * Maximum number of workflows that were told and have not answered. More would only delay each other and the signals of running nodes: two
 * cores handle this many in about a second.
 */
const UNDER_WAY = 60;
/**
 * How long to wait for an answer before a workflow is told again, in milliseconds. If it were shorter than the worker's queue takes, more and more
 * would be told, and the queue would grow; and a heartbeat told with a start proves nothing once it has waited for DisconnectTimeout, so that
 * the node needs three tasks instead of one.
 */
const ANSWER_MS = 60_000;
/** How many times more due nodes are examined than are told, so that nodes with heartbeats can go first. */
const CHOICE = 4;
/** How often all unapplied decisions are counted, in milliseconds. */
const COUNT_EVERY_MS = 5_000;
/** Attempts to tell a workflow of its node's removal before it is terminated. */
const TRIES_BEFORE_TERMINATION = 6;

/** Attempts to tell a workflow before it is asked for whether it acts at all. */
const TRIES_BEFORE_EXAMINATION = 4;

/** Result of a pass. */
export interface Reminding extends Backlog {
  said: number;
  othersWait: boolean;
}

/**
 * Repeats lost signals, and starts workflows that had to wait in a crowd: whichever part failed between a decision's commit and its signal, the
 * record shows the decision as unapplied, and it is signalled again until it is applied. Paced by the workflows' answers.
 */
@Injectable()
export class DecisionReminder {
  private readonly backOff = new BackOff();
  private readonly seen = new FirstSeen();
  private backlog: Backlog = { unapplied: 0, oldestMs: 0 };
  private countAgainAt: EpochMs = 0;

  constructor(
    private readonly record: ReconciliationStore,
    @Inject(HeartbeatStore) private readonly heartbeats: Pick<HeartbeatStore, 'read'>,
    @Inject(Lifecycles) private readonly lifecycles: Pick<
      Lifecycles,
      'ensureStarted' | 'signalDecision' | 'startHeard'
    >,
    private readonly workflows: LifecycleWorkflows,
    private readonly stuck: StuckLifecycles,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  /**
   * Repeats due decisions, as many as can be answered.
   * @returns how many were repeated, whether more are due but have to wait, how many are unapplied, and the age of the oldest
   * @throws LifecycleUnavailable where Temporal does not answer: the rest waits for the next pass
   */
  async pass(): Promise<Reminding> {
    const now = this.clock.now();
    if (now >= this.countAgainAt) {
      this.backlog = await this.record.backlog();
      this.countAgainAt = now + COUNT_EVERY_MS;
    }
    const tried = await this.record.stillUnapplied(this.backOff.keys().map(uidOf));
    this.backOff.keep(tried.map(keyOf));
    // Nodes in back-off are excluded, so that they do not fill up the limit of the query.
    const resting = tried.filter((one) => !this.backOff.isDue(keyOf(one), now)).map(({ uid }) => uid);
    const unapplied = await this.record.unapplied(resting, BATCH);
    const waited = this.seen.seenFor(GRACE_MS, unapplied.map(keyOf), now);
    // Nodes that nobody has told yet come before those that do not answer.
    const due = unapplied
      .filter((one) => waited.has(keyOf(one)) || this.backOff.count(keyOf(one)) > 0)
      .toSorted((one, other) => this.backOff.count(keyOf(one)) - this.backOff.count(keyOf(other)));
    const room = Math.max(0, UNDER_WAY - this.backOff.takenAfter(now - ANSWER_MS));
    const told = await this.choose(due.slice(0, CHOICE * room), room);
    await inBatches(told, AT_ONCE, ({ node, heard }) => this.tryToRemind(node, heard));
    return { said: told.length, othersWait: due.length > told.length, ...this.backlog };
  }

  /** Nodes with heartbeats first: they settle in one task, while the others need another for their first heartbeat. */
  private async choose(
    candidates: readonly Unapplied[],
    room: number,
  ): Promise<{ node: NodeRecord; heard: LastHeartbeat | undefined }[]> {
    if (candidates.length === 0) return [];
    const uids = candidates.map(({ uid }) => uid);
    const heard = await this.heartbeats.read(uids);
    const chosen = [...uids.filter((uid) => heard.has(uid)), ...uids.filter((uid) => !heard.has(uid))].slice(0, room);
    return (await this.record.read(chosen)).map((node) => ({ node, heard: heard.get(node.uid) }));
  }

  private async tryToRemind(node: NodeRecord, heard: LastHeartbeat | undefined): Promise<void> {
    let toldAll = false;
    const taken = await this.stuck.tell(node, async () => {
      toldAll = await this.remind(node, heard);
    });
    this.backOff.tried(keyOfNode(node), this.clock.now(), { taken, leastMs: toldAll ? ANSWER_MS : 0 });
  }

  /** @returns whether its workflow has just been started, or will be: it needs no signal, and may be waiting for a worker */
  private async remind(node: NodeRecord, heard: LastHeartbeat | undefined): Promise<boolean> {
    if (!node.living) {
      await this.end(node);
      return false;
    }
    if (node.applied === null && (await this.begins(node, heard))) return true;
    if (this.backOff.count(keyOfNode(node)) >= TRIES_BEFORE_EXAMINATION && (await this.stuck.rebuildIfBroken(node)))
      return true;
    await this.lifecycles.signalDecision(node, { again: true });
    return false;
  }

  private async begins(node: NodeRecord, heard: LastHeartbeat | undefined): Promise<boolean> {
    const isFirstTry = this.backOff.count(keyOfNode(node)) === 0;
    if (isFirstTry && node.decision.seq === 1 && heard) {
      await this.lifecycles.startHeard(node, { at: heard.lastSeen, bootId: heard.bootId });
      return true;
    }
    // An earlier incarnation may still run under the name, and would ignore the signal.
    const state = await this.lifecycles.ensureStarted(node);
    return state === 'started' || (isFirstTry && node.decision.seq === 1);
  }

  private async end(node: NodeRecord): Promise<void> {
    if ((await this.workflows.incarnationOf(node.name)) !== node.uid) {
      await this.record.settle(node.uid, node.decision.seq);
    } else if (this.backOff.count(keyOfNode(node)) < TRIES_BEFORE_TERMINATION) {
      await this.lifecycles.signalDecision(node);
    } else {
      await this.workflows.terminate(node, 'its node was removed, and it did not end');
    }
  }
}

function keyOf({ uid, seq }: Unapplied): string {
  return `${uid} ${seq}`;
}

function keyOfNode({ uid, decision }: NodeRecord): string {
  return keyOf({ uid, seq: decision.seq });
}

function uidOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}
