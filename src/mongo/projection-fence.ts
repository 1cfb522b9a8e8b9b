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
 * Keeps out of the record what it knows better: verdicts on a silence that is over, whatever is said of a node that is no more, and
 * what is said by a history that the record does not go by.
 */
@Injectable()
export class ProjectionFence {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {}

  /** @returns those that may be written, with what was known of each, and why the others may not; who is not known at all is in neither */
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

/** The heartbeat that ended the silence which was judged by `silentSince`; undefined where that goes on. */
export function heardSince(silentSince: number, heartbeat: Heard | null | undefined): HeardMeanwhile | undefined {
  if (!heartbeat || heartbeat.lastSeen <= silentSince) return undefined;
  const { lastSeen: at, bootId } = heartbeat;
  return { is: 'alive', heartbeat: { at, ...(bootId !== null && { bootId }) } };
}

/**
 * Either was set back: the record knows later words of the workflow than these, or of a later decision, the same number from another run, or
 * another decision under a number that the workflow knows. (The words of an earlier run that come late are among them; nobody waits for that answer.)
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

/** The node was heard once and is called less than alive. */
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
