import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { HeardMeanwhile, Projection, ProjectionRefusal } from '../../activities/ports.js';
import { isAstray } from '../../contract/decision-history.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import { SYSTEM } from '../../contract/states.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

export type Known = Pick<
  NodeDocument,
  '_id' | 'living' | 'joinedAt' | 'removedAt' | 'decision' | 'applied' | 'unappliedSince'
>;
type Heard = Pick<HeartbeatDocument, '_id' | 'lastSeen' | 'bootId'>;

const KNOWN = {
  living: 1,
  joinedAt: 1,
  removedAt: 1,
  decision: 1,
  unappliedSince: 1,
  'applied.seq': 1,
  'applied.revision': 1,
  'applied.run': 1,
} as const;

/**
 * Refuses projections that the record contradicts: verdicts on a silence that is over, projections of removed nodes, and those of a workflow
 * history that the record does not share.
 */
@Injectable()
export class ProjectionFence {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {}

  /** @returns projections that may be written, with what is known of their nodes, and refusals of the others; unknown nodes are in neither */
  async sort(
    projections: readonly Projection[],
  ): Promise<{ admitted: Map<Projection, Known>; refused: Map<Projection, ProjectionRefusal> }> {
    const [known, heard] = await Promise.all([
      this.known(projections),
      this.heard(projections.filter(({ view }) => isBlamed(view))),
    ]);
    const admitted = new Map<Projection, Known>();
    const refused = new Map<Projection, ProjectionRefusal>();
    for (const projection of projections) {
      const node = known.get(projection.view.uid);
      if (node === undefined) continue;
      const refusal =
        removal(node) ??
        (isOfAnotherHistory(node, projection) ? { is: 'astray' } : undefined) ??
        refutation(projection.view, heard.get(projection.view.uid));
      if (refusal === undefined) admitted.set(projection, node);
      else refused.set(projection, refusal);
    }
    return { admitted, refused };
  }

  private async known(projections: readonly Projection[]): Promise<Map<string, Known>> {
    const nodes = await this.nodes
      .find({ _id: { $in: projections.map(({ view }) => view.uid) } }, KNOWN)
      .lean<Known[]>();
    return new Map(nodes.map((node) => [node._id, node]));
  }

  private async heard(projections: readonly Projection[]): Promise<Map<string, Heard>> {
    if (projections.length === 0) return new Map();
    const heartbeats = await this.heartbeats
      .find({ _id: { $in: projections.map(({ view }) => view.uid) } }, { lastSeen: 1, bootId: 1 })
      .lean<Heard[]>();
    return new Map(heartbeats.map((heartbeat) => [heartbeat._id, heartbeat]));
  }
}

/** The heartbeat that ended the silence since `silentSince`; undefined where it goes on. */
export function heardSince(silentSince: number, heartbeat: Heard | null | undefined): HeardMeanwhile | undefined {
  if (!heartbeat || heartbeat.lastSeen <= silentSince) return undefined;
  const { lastSeen: at, bootId } = heartbeat;
  return { is: 'alive', heartbeat: { at, ...(bootId !== null && { bootId }) } };
}

/**
 * Whether record or workflow was restored to an earlier state: the record has a later revision or decision than the view, the same revision
 * from another run, or another decision under the same number. Also true for late projections of an earlier run; nobody waits for their answer.
 */
export function isOfAnotherHistory(
  { decision, applied }: Pick<Known, 'decision' | 'applied'>,
  { view, run }: Projection,
): boolean {
  if (isAstray(decision, view)) return true;
  if (run === undefined || applied == null) return false;
  return (
    applied.seq > view.seq ||
    applied.revision > view.revision ||
    (applied.revision === view.revision && applied.run !== undefined && applied.run !== run)
  );
}

/** Whether a node that was heard before is called UNHEALTHY or UNKNOWN. */
function isBlamed({ liveness, lastHeartbeat }: LifecycleView): boolean {
  return liveness.value !== 'HEALTHY' && lastHeartbeat !== undefined;
}

function refutation({ lastHeartbeat = 0 }: LifecycleView, heartbeat: Heard | undefined): ProjectionRefusal | undefined {
  return heardSince(lastHeartbeat, heartbeat);
}

function removal({ living, removedAt, decision }: Known): ProjectionRefusal | undefined {
  if (living === true) return undefined;
  const { by, reason } = decision.removal ?? { by: SYSTEM, reason: '' };
  return { is: 'removed', at: removedAt ?? 0, by, reason };
}
