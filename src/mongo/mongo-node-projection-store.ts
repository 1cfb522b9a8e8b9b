import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, PipelineStage } from 'mongoose';
import type {
  GoneAstray,
  HeardMeanwhile,
  NodeProjectionStore,
  Projection,
  ProjectionRefusal,
  RemovalRequest,
} from '../../activities/ports.js';
import type { LifecycleEvent } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { EventStore } from '../record/event-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { SessionStore } from '../sessions/session-store.js';
import { isDatabaseUnavailable } from './database-unavailable.js';
import { Gathered } from '../mechanics/gathered.js';
import { removalFields } from './node-removal.js';
import { heardSince, isOfAnotherHistory, ProjectionFence, type Known } from './projection-fence.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

@Injectable()
export class MongoNodeProjectionStore implements NodeProjectionStore {
  /** Projections are written together: when many nodes change at once, a command costs more than what it writes. */
  private readonly together = new Gathered<Projection, Answers>((projections) => this.writeTogether(projections));

  /** Called with each written projection and what was known of its node before. A retry calls it again. */
  onWritten: (projection: Projection, before: Known) => void = () => undefined;

  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    private readonly fence: ProjectionFence,
    private readonly sessions: SessionStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async project(projection: Projection): Promise<ProjectionRefusal | undefined> {
    const answers = await this.together.about(projection);
    return answers.get(projection);
  }

  async remove({
    projection,
    seq,
    silentSince,
  }: RemovalRequest): Promise<'removed' | 'superseded' | HeardMeanwhile | GoneAstray> {
    const uid = projection.view.uid;
    let before: NodeDocument | null = null;
    const outcome = await this.unit.run(async () => {
      const node = await this.nodes.findOne({ _id: { $eq: uid } }).lean<NodeDocument>();
      before = node;
      if (!node) return 'removed';
      // Otherwise an administrator's removal, or an earlier attempt of this one, has done this already.
      if (node.living) {
        if (isOfAnotherHistory(node, projection)) return { is: 'astray' as const };
        if (node.decision.seq !== seq) return 'superseded';
        const heard =
          silentSince === undefined
            ? undefined
            : heardSince(silentSince, await this.heartbeats.findOne({ _id: { $eq: uid } }).lean<HeartbeatDocument>());
        if (heard) return heard;
        const at = this.clock.now();
        await this.nodes.updateOne(
          { _id: { $eq: uid }, 'decision.seq': { $eq: seq } },
          { $set: removalFields(node, at), $unset: { living: 1 } },
        );
        // A heartbeat written at this moment conflicts, so the transaction is retried and sees it.
        await this.heartbeats.deleteOne({ _id: { $eq: uid } });
      }
      await this.writeEvents([
        { ...projection, events: projection.events.filter((event) => !isTooLate(event, node.removedAt)) },
      ]);
      return 'removed';
    });
    if (outcome === 'removed') {
      await this.sessions.applyChanges(uid, projection.sessionChanges);
      await this.sessions.loseAll(uid, 'its node was removed', this.clock.now());
      await this.writeViews([projection]);
      if (before !== null) this.onWritten(projection, before);
    }
    return outcome;
  }

  private async writeTogether(projections: readonly Projection[]): Promise<Answers> {
    try {
      return await this.write(projections);
    } catch (error) {
      // A projection that MongoDB refuses must not block the others. Where MongoDB is unavailable, none can be written.
      if (projections.length === 1 || isDatabaseUnavailable(error)) throw error;
      return new Map(
        projections.map((projection) => [
          projection,
          this.write([projection]).then((answers) => answers.get(projection)),
        ]),
      );
    }
  }

  /** @returns the refused projections, each with the reason */
  private async write(projections: readonly Projection[]): Promise<Map<Projection, ProjectionRefusal>> {
    const { admitted, refused } = await this.fence.sort(projections);
    const written = [...admitted.keys()];
    if (written.length === 0) return refused;
    // Events first, so that the events explain a new state as soon as it is visible.
    await this.writeEvents(written);
    await Promise.all(written.map(({ view, sessionChanges }) => this.sessions.applyChanges(view.uid, sessionChanges)));
    await this.writeViews(written);
    for (const [projection, before] of admitted) this.onWritten(projection, before);
    return refused;
  }

  private async writeViews(projections: readonly Projection[]): Promise<void> {
    const now = this.clock.now();
    const updates = projections.map(({ view, run }) => {
      const ahead = {
        _id: view.uid as never,
        $or: [{ applied: null }, { 'applied.revision': { $lt: view.revision } }],
      };
      return { updateOne: { filter: ahead, update: viewFields(view, run, now) } };
    });
    await this.nodes.collection.bulkWrite(updates, { ordered: false });
  }

  private async writeEvents(projections: readonly Projection[]): Promise<void> {
    await this.events.append(
      projections.flatMap(({ view, events }) =>
        events.map((event) => ({ ...event, uid: view.uid, node: view.nodeId, from: null })),
      ),
    );
  }
}

/** Refusal of each projection that was not written; a promise where it is written by itself. */
type Answers = ReadonlyMap<Projection, ProjectionRefusal | Promise<ProjectionRefusal | undefined>>;

const VERDICTS = new Set(['NodeHealthy', 'NodeUnhealthy', 'NodeUnknown']);

/** Whether the event is a verdict on liveness that came after the node's removal. */
function isTooLate({ type, at }: LifecycleEvent, removedAt: EpochMs | null): boolean {
  return removedAt !== null && at > removedAt && VERDICTS.has(type);
}

/**
 * Updates the record with a workflow's view. The phase is only taken from a view of the current decision: while a later one waits to be
 * applied, the recorded phase is that decision's. A removed node stays REMOVED, even where a workflow was started for it too late.
 * A pipeline, since it compares with stored fields; `$literal`, since a reason may begin with a dollar sign.
 */
function viewFields(view: Projection['view'], run: string | undefined, now: EpochMs): PipelineStage.Set[] {
  // The number may belong to another decision, where the record was restored after the projection was admitted.
  const isItsDecision = { $in: [{ $ifNull: ['$decision.id', view.decisionId] }, [view.decisionId ?? '$decision.id']] };
  const isApplied = { $and: [{ $eq: ['$decision.seq', view.seq] }, isItsDecision] };
  return [
    {
      $set: {
        applied: { $literal: { seq: view.seq, revision: view.revision, view, ...(run !== undefined && { run }) } },
        liveness: view.liveness.value,
        phase: { $cond: [{ $and: ['$living', isApplied] }, view.phase, '$phase'] },
        unappliedSince: { $cond: [isApplied, '$$REMOVE', { $ifNull: ['$unappliedSince', now] }] },
      },
    },
  ];
}
