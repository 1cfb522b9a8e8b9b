import { beforeEach } from '@jest/globals';
import type { Projection } from '../../../activities/ports.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { EventStore } from '../../../src/record/event-store.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { NOON } from '../manual-clock.js';
import { change, newNode, view } from './node-fixtures.js';
import type { useStores } from './open-stores.js';

export const healthy = (id: string) => ({ id, type: 'NodeHealthy', at: NOON, by: 'system', reason: '' }) as const;

/** A node in the record, and its workflow's projections. */
export class ProjectedNode {
  projections!: MongoNodeProjectionStore;
  nodes!: NodeStore;
  node!: NodeRecord;

  constructor(private readonly stores: ReturnType<typeof useStores>) {}

  /** Resets the record to nothing but this node. */
  async begin(): Promise<void> {
    this.projections = this.stores.get(MongoNodeProjectionStore);
    this.nodes = this.stores.get(NodeStore);
    await this.stores.clear();
    this.node = await this.nodes.create(newNode('node-1'), []);
  }

  projection(revision: number, changes: Partial<LifecycleView> = {}, more: Partial<Projection> = {}): Projection {
    return { view: view(this.node, revision, changes), sessionChanges: [], events: [], ...more };
  }

  async read(): Promise<NodeRecord> {
    return (await this.nodes.findByUid(this.node.uid)) as NodeRecord;
  }

  async events() {
    return (await this.stores.get(EventStore).listForNode(this.node.uid, { limit: 100 })).items;
  }

  async unapplied(): Promise<string[]> {
    return (await this.stores.get(ReconciliationStore).unapplied([], 10)).map(({ uid }) => uid);
  }

  async decide(action: Parameters<typeof change>[1]): Promise<NodeRecord> {
    const decided = await this.nodes.commitDecision(change(await this.read(), action));
    if (decided === 'conflict') throw new Error(decided);
    return decided;
  }
}

/** Another one for each test of the file. */
export function useProjectedNode(stores: ReturnType<typeof useStores>): ProjectedNode {
  const projected = new ProjectedNode(stores);
  beforeEach(() => projected.begin());
  return projected;
}
