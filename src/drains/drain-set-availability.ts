import { OTHERS_NAMED, type DrainMemberOutcome, type UnavailableOthers } from '../../contract/drain-set.js';
import type { NodeOverview } from '../record/node-record.js';
import { updateOutcome } from './agent-update-outcome.js';
import { beginReason, releaseReason, type DrainSetRecord } from './drain-set-record.js';

/** The nodes of a set as the set sees them: which drain by its decisions, and which are unavailable for other reasons. */
export class DrainSetAvailability {
  private readonly reason: string;

  /** @param nodes in the order of their turns */
  constructor(
    private readonly set: Pick<DrainSetRecord, 'id' | 'reason' | 'maxUnavailable' | 'update'>,
    private readonly nodes: readonly NodeOverview[],
  ) {
    this.reason = beginReason(set);
  }

  /** The node in the record; undefined where there is none. */
  node(uid: string): NodeOverview | undefined {
    return this.nodes.find((node) => node.uid === uid);
  }

  /** Whether its drain is done and its agent is to be updated. */
  isUpdating(uid: string): boolean {
    return this.set.update !== undefined && this.node(uid)?.phase === 'DRAINED';
  }

  /** Outcome of a node's drain and its agent's update; undefined while either is under way. */
  outcome(uid: string): { state: DrainMemberOutcome; reason: string } | undefined {
    const node = this.node(uid);
    if (!node?.living) return { state: 'REMOVED', reason: byWhom(node?.decision.removal) };
    const { approval, availability } = node.decision;
    switch (node.phase) {
      case 'DRAINING':
        return undefined;
      case 'DRAINED':
        return this.set.update === undefined
          ? { state: 'DRAINED', reason: '' }
          : updateOutcome(this.set.id, this.set.update, node);
      case 'REJECTED':
        return { state: 'REJECTED', reason: byWhom(approval) };
      default:
        return {
          state: availability.reason === releaseReason(this.set) ? 'RELEASED' : 'ACTIVATED',
          reason: byWhom(availability),
        };
    }
  }

  /** seq of the decision by which the set began the node's drain; undefined where it did not, or a later decision exists. */
  begunBy(uid: string): number | undefined {
    const node = this.node(uid);
    return node?.living && this.isOurs(node) ? node.decision.availability.seq : undefined;
  }

  /** Whether draining the node would exceed the budget. One that is unavailable already does not add to it. */
  isFullFor(uid: string): boolean {
    const node = this.node(uid);
    if (!node || this.whyUnavailable(node) !== undefined || node.phase !== 'ACTIVE') return false;
    // Nodes that a set has drained for good no longer count; nodes whose agents are being updated do.
    const draining = this.nodes.filter(
      (other) => other.living && this.isOurs(other) && (other.phase === 'DRAINING' || this.set.update !== undefined),
    ).length;
    return draining + this.others.count >= this.set.maxUnavailable;
  }

  get others(): UnavailableOthers {
    const named = this.nodes.flatMap((node) => {
      const why = this.whyUnavailable(node);
      return why === undefined ? [] : [{ name: node.name, why }];
    });
    return { count: named.length, named: named.slice(0, OTHERS_NAMED) };
  }

  /** Why the node is unavailable for other reasons than the set; undefined where it is not. Slots and unapproved nodes were never available. */
  private whyUnavailable(node: NodeOverview): string | undefined {
    const { living, phase, liveness, decision } = node;
    if (!living || this.isOurs(node)) return undefined;
    switch (phase) {
      case 'REGISTERED':
      case 'PENDING':
      case 'REMOVED':
        return undefined;
      case 'REJECTED':
        return `${phase} ${byName(decision.approval)}`;
      case 'DRAINING':
      case 'DRAINED':
        return `${phase} ${byName(decision.availability)}`;
      case 'WAITING':
        return 'not heard since it was approved';
      case 'ACTIVE':
        if (decision.availability.noNewSessions) return `no new sessions ${byName(decision.availability)}`;
        return liveness === 'HEALTHY' ? undefined : liveness;
    }
  }

  /** Whether it drains, or is drained, by the set's own decision. */
  private isOurs({ phase, decision: { availability } }: NodeOverview): boolean {
    return (phase === 'DRAINING' || phase === 'DRAINED') && availability.reason === this.reason;
  }
}

function byName({ by }: { by: string }): string {
  return `by ${by}`;
}

function byWhom(ruling: { by: string; reason: string } | undefined): string {
  if (!ruling) return '';
  return ruling.reason === '' ? byName(ruling) : `${byName(ruling)}: ${ruling.reason}`;
}
