import { Inject, Injectable } from '@nestjs/common';
import { decide } from '../../contract/decision.js';
import { lifecycleWorkflowId } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { Clock } from '../mechanics/clock.js';
import { LiveSessions } from '../record/live-sessions.js';
import { nodeEvent } from '../record/node-event.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { lifecycleInput, type LifecycleSettings } from './lifecycle-input.js';
import { LIFECYCLE_SETTINGS } from './lifecycle-settings.js';
import { LifecycleIdTaken, LifecycleSignals, type LifecycleStart } from './lifecycle-signals.js';
import { LifecycleWorkflows } from './lifecycle-workflows.js';

/** Age below which a node without a projection cannot have had a lifecycle that ended, in milliseconds. */
const SURELY_NEW_MS = 60_000;

/** Ensures that each living node has its one workflow, and tells it decisions. Rejects as {@link LifecycleSignals} does. */
@Injectable()
export class Lifecycles {
  constructor(
    private readonly signals: LifecycleSignals,
    private readonly workflows: LifecycleWorkflows,
    private readonly nodes: NodeStore,
    private readonly sessions: LiveSessions,
    @Inject(LIFECYCLE_SETTINGS) private readonly settings: LifecycleSettings,
    @Inject(FleetSize) private readonly fleet: Pick<FleetSize, 'current'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Starts the node's workflow unless it is running, after terminating that of an earlier incarnation. One that completed because its node was
   * removed is not started again: the record has lost the removal, and gets it back.
   * @returns `runs` where there was nothing to start
   */
  async ensureStarted(node: NodeRecord): Promise<'started' | 'runs'> {
    if (await this.hasEnded(node)) return 'runs';
    const start = await this.startOf(node);
    if (await this.signals.start(start)) return 'started';
    const incarnation = await this.workflows.incarnationOf(node.name);
    if (incarnation === node.uid) return 'runs';
    if (incarnation !== null) {
      // By now the name may belong to a successor of the caller's node.
      if (!(await this.nodes.findByUid(node.uid))?.living) return 'runs';
      const earlier = { uid: incarnation, name: node.name };
      // A workflow that is neither in the record nor, by its memo, ours belongs to somebody else.
      if (!(await this.nodes.findByUid(incarnation)) && !(await this.workflows.isOurs(earlier))) throw idTaken(node);
      await this.workflows.terminate(earlier, 'superseded by a newer incarnation');
    }
    if (!(await this.signals.start(start))) throw idTaken(node);
    return 'started';
  }

  /** Replaces the stuck workflow of a living node with a new one, which continues from the record. */
  async rebuild(node: NodeRecord): Promise<void> {
    const incarnation = await this.workflows.incarnationOf(node.name);
    const current = await this.nodes.findByUid(node.uid);
    if (!current?.living) return;
    if (incarnation !== node.uid) return void (await this.ensureStarted(current));
    await this.signals.replace(await this.startOf(current));
  }

  /**
   * Starts the workflow of a node that was heard before it had one, and tells it of the heartbeat in the same step, so that its first task handles
   * both. A workflow that is running already is only told of the heartbeat.
   */
  async startHeard(node: NodeRecord, heartbeat: { at: EpochMs; bootId: string }): Promise<void> {
    await this.signals.startHeard(await this.startOf(node), heartbeat);
  }

  /**
   * Tells the workflow the node's whole decision; starts the workflow of a living node that has none.
   * @param options.again whether it was told before and the record does not show it applied: a workflow that knows it then projects it again
   */
  async signalDecision(node: NodeRecord, { again } = { again: false }): Promise<void> {
    const { uid, decision, living } = node;
    const signal = { uid, action: decision.action, decision, ...(again && { again }) };
    const heard = await this.signals.signalDecision(node, signal);
    // A new workflow starts with the whole decision, so no signal is needed.
    if (!heard && living) await this.ensureStarted(node);
  }

  private async startOf(node: NodeRecord): Promise<LifecycleStart> {
    const sessions = node.applied ? await this.sessions.recordOf(node.uid) : undefined;
    return { node, input: lifecycleInput(node, this.settings, this.fleet.current, sessions) };
  }

  /** Whether the lifecycle has completed without the record knowing, because that was restored: a removed node stays removed. */
  private async hasEnded(node: NodeRecord): Promise<boolean> {
    if (node.applied === null && this.clock.now() - node.createdAt < SURELY_NEW_MS) return false;
    const end = await this.workflows.endOf(node);
    if (end === null) return false;
    const { removedAt: at, by, reason } = end;
    const why = "the record had lost it, and has it from the node's workflow again";
    const decision = decide(node.decision, 'remove', { at, by, reason });
    await this.nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision,
      event: nodeEvent(
        node,
        'NodeRemoved',
        this.clock.now(),
        { by, from: null },
        reason === '' ? why : `${reason} (${why})`,
      ),
    });
    return true;
  }
}

function idTaken({ name }: NodeRecord): LifecycleIdTaken {
  return new LifecycleIdTaken(
    `a workflow that is none of ours runs as ${lifecycleWorkflowId(name)}; end it, and the node gets its own`,
  );
}
