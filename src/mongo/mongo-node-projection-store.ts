import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import type { NodeProjectionStore, Projection } from '../../activities/ports.js';
import { Clock } from '../clock.js';
import { EventStore } from '../nodes/event-store.js';
import { UnitOfWork } from '../nodes/unit-of-work.js';
import { SessionStore } from '../sessions/session-store.js';
import { removalFields } from './node-removal.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';
import { SESSION_REPORTS, type SessionReportDocument } from './schemas/session-report.schema.js';

@Injectable()
export class MongoNodeProjectionStore implements NodeProjectionStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(SESSION_REPORTS) private readonly reports: Model<SessionReportDocument>,
    private readonly sessions: SessionStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async project(projection: Projection): Promise<void> {
    // Events first: whoever sees the new state finds in the events why.
    await this.writeEvents(projection);
    await this.sessions.applyChanges(projection.view.uid, projection.sessionChanges);
    await this.writeView(projection);
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
      await this.writeEvents(projection);
      return 'removed';
    });
    if (outcome === 'removed') {
      await this.sessions.applyChanges(uid, projection.sessionChanges);
      await this.sessions.loseAll(uid, 'its node was removed', this.clock.now());
      await this.reports.deleteOne({ _id: { $eq: uid } });
      await this.writeView(projection);
    }
    return outcome;
  }

  private async writeView({ view }: Projection): Promise<void> {
    const ahead = { _id: { $eq: view.uid }, $or: [{ applied: null }, { 'applied.revision': { $lt: view.revision } }] };
    await this.nodes.updateOne(ahead, viewFields(view), { updatePipeline: true });
  }

  private async writeEvents({ view, events }: Projection): Promise<void> {
    await this.events.append(events.map((event) => ({ ...event, uid: view.uid, node: view.nodeId, from: null })));
  }
}

/**
 * The phase belongs to the decision that it follows from: while a later one waits to be applied, its phase stands.
 * A pipeline, since that compares with what is stored; `$literal`, since a reason may begin with a dollar sign.
 */
function viewFields(view: Projection['view']): PipelineStage.Set[] {
  return [
    {
      $set: {
        applied: { $literal: { seq: view.seq, revision: view.revision, view } },
        liveness: view.liveness.value,
        phase: { $cond: [{ $eq: ['$decision.seq', view.seq] }, view.phase, '$phase'] },
        unappliedSince: { $cond: [{ $lte: ['$decision.seq', view.seq] }, '$$REMOVE', '$unappliedSince'] },
      },
    },
  ];
}
