import { PHASES, type Phase } from '../../contract/phase.js';
import { LIVENESSES, type Liveness, type NodeType } from '../../contract/states.js';

/** A set of nodes, by its members or by the others, whichever list is shorter. */
export type NamedNodes = { only: string[] } | { allBut: string[] };

/** The counted fields of a node. */
export interface NodeTally {
  type: NodeType;
  phase: Phase;
  liveness: Liveness;
  activeSessions: number;
}

export interface ClusterCounts {
  total: number;
  byPhase: Record<Phase, number>;
  byLiveness: Record<Liveness, number>;
  activeSessions: number;
}

interface Group extends NodeTally {
  nodes: number;
}

/** Counts of nodes, updated as they change. Nodes with equal tallies share one entry, of which there are few. */
export class NodeCounts {
  readonly #groups = new Map<string, Group>();
  readonly #nodes = new Map<string, Group>();

  static of(tallies: ReadonlyMap<string, NodeTally>): NodeCounts {
    const counts = new NodeCounts();
    for (const [uid, tally] of tallies) counts.set(uid, tally);
    return counts;
  }

  /** @param tally null where the node is removed */
  set(uid: string, tally: NodeTally | null): void {
    const before = this.#nodes.get(uid);
    if (before !== undefined) this.#leave(uid, before);
    if (tally === null) return;
    const group = this.#groupOf(tally);
    group.nodes += 1;
    this.#nodes.set(uid, group);
  }

  get(uid: string): NodeTally | null {
    return this.#nodes.get(uid) ?? null;
  }

  /** Tallies of the living nodes among `uids`. */
  those(uids: readonly string[]): NodeTally[] {
    return uids.flatMap((uid) => this.#nodes.get(uid) ?? []);
  }

  get summary(): ClusterCounts {
    const summary: ClusterCounts = {
      total: 0,
      byPhase: zeroes(PHASES),
      byLiveness: zeroes(LIVENESSES),
      activeSessions: 0,
    };
    for (const { phase, liveness, activeSessions, nodes } of this.#groups.values()) {
      summary.total += nodes;
      summary.byPhase[phase] += nodes;
      summary.byLiveness[liveness] += nodes;
      summary.activeSessions += nodes * activeSessions;
    }
    return summary;
  }

  /** Number of nodes that match. */
  count(are: (tally: NodeTally) => boolean): number {
    return [...this.#groups.values()].filter(are).reduce((sum, { nodes }) => sum + nodes, 0);
  }

  /** Uids of the nodes that match, and of those that do not. */
  divide(is: (tally: NodeTally) => boolean): { those: string[]; others: string[] } {
    const groups = new Set([...this.#groups.values()].filter(is));
    const those: string[] = [];
    const others: string[] = [];
    for (const [uid, group] of this.#nodes) (groups.has(group) ? those : others).push(uid);
    return { those, others };
  }

  /**
   * The nodes that match, by their uids or by those of the others, whichever are fewer.
   * @param without uids to exclude in any case
   */
  named(are: (tally: NodeTally) => boolean, without: readonly string[] = []): NamedNodes {
    const { those, others } = this.divide(are);
    const left = new Set(without);
    const kept = left.size === 0 ? those : those.filter((uid) => !left.has(uid));
    return kept.length <= others.length ? { only: kept } : { allBut: [...others, ...without] };
  }

  /** Number of nodes with each tally; distinct tallies are few. */
  get kinds(): readonly (Readonly<NodeTally> & { nodes: number })[] {
    return [...this.#groups.values()];
  }

  /** Uids of nodes whose tally differs from the given one. */
  differences(tallies: ReadonlyMap<string, NodeTally>): string[] {
    const different = [...tallies].filter(([uid, tally]) => !areAlike(this.get(uid), tally)).map(([uid]) => uid);
    const gone = [...this.#nodes.keys()].filter((uid) => !tallies.has(uid));
    return [...different, ...gone];
  }

  #leave(uid: string, group: Group): void {
    this.#nodes.delete(uid);
    group.nodes -= 1;
    if (group.nodes === 0) this.#groups.delete(keyOf(group));
  }

  #groupOf(tally: NodeTally): Group {
    const key = keyOf(tally);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = {
      type: tally.type,
      phase: tally.phase,
      liveness: tally.liveness,
      activeSessions: tally.activeSessions,
      nodes: 0,
    };
    this.#groups.set(key, group);
    return group;
  }
}

/** Whether both are counted alike; null stands for a removed node. */
export function areAlike(a: NodeTally | null, b: NodeTally | null): boolean {
  return a === null || b === null ? a === b : keyOf(a) === keyOf(b);
}

function keyOf({ type, phase, liveness, activeSessions }: NodeTally): string {
  return `${type} ${phase} ${liveness} ${activeSessions}`;
}

function zeroes<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
