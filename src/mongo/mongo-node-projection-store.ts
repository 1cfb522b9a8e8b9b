import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import type { NodeProjectionStore, Projection } from '../../activities/ports.js';
import { Clock } from '../clock.js';
import { EventStore } from '../nodes/event-store.js';
import { UnitOfWork } from '../nodes/unit-of-work.js';
import { SessionStore } from '../sessions/session-store.js';
import { isDatabaseUnavailable } from './database-unavailable.js';
import { Gathered } from './gathered.js';
import { removalFields } from './node-removal.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** In a crowd many nodes change at once, and a command costs MongoDB and the worker more than what it writes. In milliseconds. */
const GATHER_MS = 5;

@Injectable()
export class MongoNodeProjectionStore implements NodeProjectionStore {
  private readonly together = new Gathered<Projection, ReadonlyMap<Projection, Promise<void>>>(GATHER_MS, (projections) => this.writeTogether(projections));

  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    private readonly sessions: SessionStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async project(projection: Projection): Promise<void> {
    const alone = await this.together.about(projection);
    await alone.get(projection);
  }

  async remove(projection: Projection, seq: number): Promise<'removed' | 'superseded'> {
    const uid = projection.view.uid;
    const outcome = await this.unit.run(async () => {
      const node = await this.nodes.findOne({ _id: { $eq: uid } }).lean<NodeDocument>();
      if (!node) return 'removed';
      if (node.decision.seq !== seq) return 'superseded';
      // An administrator's removal has done this already; a retry of this one too.
      if (node.living) {
        const at = this.clock.now();
        await this.nodes.updateOne({ _id: { $eq: uid }, 'decision.seq': { $eq: seq } }, { $set: removalFields(node, at), $unset: { living: 1 } });
        await this.heartbeats.deleteOne({ _id: { $eq: uid } });
      }
      await this.writeEvents([projection]);
      return 'removed';
    });
    if (outcome === 'removed') {
      await this.sessions.applyChanges(uid, projection.sessionChanges);
      await this.sessions.loseAll(uid, 'its node was removed', this.clock.now());
      await this.writeViews([projection]);
    }
    return outcome;
  }

  /** @returns those that have to be written each by itself */
  private async writeTogether(projections: readonly Projection[]): Promise<ReadonlyMap<Projection, Promise<void>>> {
    try {
      await this.write(projections);
      return new Map();
    } catch (error) {
      // One that MongoDB refuses must not keep the others from being written; where MongoDB is away none is.
      if (projections.length === 1 || isDatabaseUnavailable(error)) throw error;
      return new Map(projections.map((projection) => [projection, this.write([projection])]));
    }
  }

  private async write(projections: readonly Projection[]): Promise<void> {
    // Events first: whoever sees the new state finds in the events why.
    await this.writeEvents(projections);
    await Promise.all(projections.map(({ view, sessionChanges }) => this.sessions.applyChanges(view.uid, sessionChanges)));
    await this.writeViews(projections);
  }

  private async writeViews(projections: readonly Projection[]): Promise<void> {
    const updates = projections.map(({ view }) => {
      const ahead = { _id: view.uid as never, $or: [{ applied: null }, { 'applied.revision': { $lt: view.revision } }] };
      return { updateOne: { filter: ahead, update: viewFields(view) } };
    });
    await this.nodes.collection.bulkWrite(updates, { ordered: false });
  }

  private async writeEvents(projections: readonly Projection[]): Promise<void> {
    await this.events.append(projections.flatMap(({ view, events }) => events.map((event) => ({ ...event, uid: view.uid, node: view.nodeId, from: null }))));
  }
}

/**
 * The phase belongs to the decision that it follows from: while a later one waits to be applied, its phase stands. A removed
 * node's is REMOVED, whatever a workflow that was started for it too late makes of it.
 * A pipeline, since that compares with what is stored; `$literal`, since a reason may begin with a dollar sign.
 */
function viewFields(view: Projection['view']): PipelineStage.Set[] {
  return [
    {
      $set: {
        applied: { $literal: { seq: view.seq, revision: view.revision, view } },
        liveness: view.liveness.value,
        phase: { $cond: [{ $and: ['$living', { $eq: ['$decision.seq', view.seq] }] }, view.phase, '$phase'] },
        unappliedSince: { $cond: [{ $lte: ['$decision.seq', view.seq] }, '$$REMOVE', '$unappliedSince'] },
      },
    },
  ];
}
