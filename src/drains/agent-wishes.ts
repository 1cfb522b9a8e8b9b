import { Injectable } from '@nestjs/common';
import { HOLD, type DrainMemberOutcome, type DrainSetNode, type DrainSetRuling } from '../../contract/drain-set.js';
import { SYSTEM } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { MetricRegistry, type Count } from '../process/metric-registry.js';
import { EventStore } from '../record/event-store.js';
import { fleetEvent, nodeEvent } from '../record/node-event.js';
import { NodeStore } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { nameOf, type DrainSetRecord } from './drain-set-record.js';
import { DrainSetStore } from './drain-set-store.js';

const AUTHOR = { by: SYSTEM, from: null };
const COUNTED = ['updated', 'failed', 'left'] as const;

/** Versions that agent updates want of drained nodes, recorded for their agents, and the outcomes. */
@Injectable()
export class AgentWishes {
  private readonly ended: Readonly<Record<(typeof COUNTED)[number], Count>>;

  constructor(
    private readonly sets: DrainSetStore,
    private readonly nodes: NodeStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
    metrics: MetricRegistry,
  ) {
    this.ended = metrics.counts(
      'rollcall_agent_updates_total',
      'Updates of agents that were begun and are over here, by how: the agent runs the version, it failed, or somebody decided otherwise about the node meanwhile',
      'outcome',
      COUNTED,
    );
  }

  /** Idempotent. */
  async begin({ id, update }: DrainSetRecord, uid: string): Promise<void> {
    if (update === undefined) return;
    await this.nodes.wantAgent(uid, { id, version: update.version, downgrade: update.downgrade });
  }

  /** Idempotent: the event is written together with the end of the wish. */
  async end(
    set: DrainSetRecord,
    node: DrainSetNode,
    { state, reason }: { state: DrainMemberOutcome; reason: string },
  ): Promise<void> {
    const wasOurs = await this.unit.run(async () => {
      if (!(await this.nodes.wantNoAgent(node.uid, set.id))) return false;
      const what = `${nameOf(set)} to ${set.update?.version}${reason === '' ? '' : `: ${reason}`}`;
      const at = this.clock.now();
      if (state === 'UPDATED') await this.events.append([nodeEvent(node, 'AgentUpdated', at, AUTHOR, what)]);
      if (state === 'FAILED') await this.events.append([nodeEvent(node, 'AgentUpdateFailed', at, AUTHOR, what)]);
      return true;
    });
    if (wasOurs) this.ended[state === 'UPDATED' ? 'updated' : state === 'FAILED' ? 'failed' : 'left'].inc();
  }

  /** @returns undefined where `seq` is no longer the latest ruling, or the set is over */
  async hold(setId: string, seq: number): Promise<DrainSetRuling | undefined> {
    const at = this.clock.now();
    return this.unit.run(async () => {
      const held = await this.sets.rule(setId, seq, { value: HOLD, at, by: SYSTEM });
      if (held === 'conflict') return undefined;
      const what = `${nameOf(held)} to ${held.update?.version}: as many nodes have failed as may`;
      await this.events.append([fleetEvent('AgentUpdateHeld', at, AUTHOR, what)]);
      return held.ruling;
    });
  }
}
