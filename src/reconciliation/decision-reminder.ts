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

/** The api signals right after it commits, and the workflow answers at once: until then there is nothing to make up for. */
const GRACE_MS = 1_000;
const BATCH = 500;
const AT_ONCE = 16;
/**
 * Workflows that were told and have not answered. When so many wait for the worker, more would only make the others wait
 * longer, running nodes' signals among them: two cores get through so many in about a second.
 */
const UNDER_WAY = 60;
/**
 * After this long without an answer a workflow is not waited for any more, nor left in peace. In milliseconds. Were it shorter than the
 * worker's queue is long, more would be told while the others wait, and the queue would grow; heartbeats that are told with a start prove
 * nothing once they have waited for DisconnectTimeout, and the node needs three tasks in place of one.
 */
const ANSWER_MS = 60_000;
/** Of those that are due, so many times more are looked at than are told: those that were heard have more to settle. */
const CHOICE = 4;
/** How often all that are not applied are counted, in milliseconds. */
const COUNT_EVERY_MS = 5_000;
/** A workflow that was told this often that its node is removed, and runs still, cannot end by itself. */
const TRIES_BEFORE_TERMINATION = 6;

/** What a pass did, and what it found. */
export interface Reminding extends Backlog {
  said: number;
  othersWait: boolean;
}

/**
 * Makes up for signals that were lost, and for starts that a crowd had to wait for: whichever part died between a
 * decision's commit and its signal, the record says that the decision is not applied, and it is said again until it is.
 * In a steady flow: as fast as workflows answer.
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
   * Says decisions again that are due, as many as can be answered.
   * @returns how many were said, whether others are due that have to wait for an answer first, how many are not applied, and how old the oldest is
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
    // Those that are not due must not take up the room of the others, however many they are.
    const resting = tried.filter((one) => !this.backOff.isDue(keyOf(one), now)).map(({ uid }) => uid);
    const unapplied = await this.record.unapplied(resting, BATCH);
    const waited = this.seen.seenFor(GRACE_MS, unapplied.map(keyOf), now);
    // Nor those that do not answer that of those that nobody has told yet.
    const due = unapplied
      .filter((one) => waited.has(keyOf(one)) || this.backOff.count(keyOf(one)) > 0)
      .toSorted((one, other) => this.backOff.count(keyOf(one)) - this.backOff.count(keyOf(other)));
    const room = Math.max(0, UNDER_WAY - this.backOff.takenAfter(now - ANSWER_MS));
    const told = await this.choose(due.slice(0, CHOICE * room), room);
    await inBatches(told, AT_ONCE, ({ node, heard }) => this.tryToRemind(node, heard));
    return { said: told.length, othersWait: due.length > told.length, ...this.backlog };
  }

  /** Those that were heard come first: they settle in one go, the others would have to be told of their first heartbeat besides. */
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

  /** @returns whether its workflow has just begun, or has yet to: it knows all there is to know, and may be waiting for a worker */
  private async remind(node: NodeRecord, heard: LastHeartbeat | undefined): Promise<boolean> {
    if (!node.living) {
      await this.end(node);
      return false;
    }
    if (node.applied === null && (await this.begins(node, heard))) return true;
    await this.lifecycles.signalDecision(node, { again: true });
    return false;
  }

  private async begins(node: NodeRecord, heard: LastHeartbeat | undefined): Promise<boolean> {
    const isFirstTry = this.backOff.count(keyOfNode(node)) === 0;
    if (isFirstTry && node.decision.seq === 1 && heard) {
      await this.lifecycles.startHeard(node, { at: heard.lastSeen, bootId: heard.bootId });
      return true;
    }
    // The name may still run an earlier incarnation, which would take no notice of a signal.
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
