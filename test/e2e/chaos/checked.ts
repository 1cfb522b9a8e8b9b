import type { WorkflowHandle } from '@temporalio/client';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import type { FaultCluster } from '../../support/cluster/fault-cluster.js';

/** What of a cluster is asked. */
export interface Checked {
  /** Of its api. */
  readonly url: string;
  readonly home: { readonly path: string };
  readonly db: FaultCluster['db'];
  /** Its real agents, by name. */
  readonly agents: ReadonlyMap<string, { kill(): Promise<void> }>;
  /** What the node's workflow says of itself; asked once where `withinMs` is 0. */
  lifecycle(name: string, withinMs: number, answersWithinMs?: number): Promise<LifecycleView>;
  workflow(name: string): WorkflowHandle;
}

export function nodesOf({ db }: Pick<Checked, 'db'>) {
  return db.collection<NodeDocument>('nodes');
}
