import type { WorkflowHandle } from '@temporalio/client';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import type { FaultCluster } from '../../support/cluster/fault-cluster.js';

/** The parts of a cluster that are checked. */
export interface Checked {
  /** Of its api. */
  readonly url: string;
  readonly home: { readonly path: string };
  readonly db: FaultCluster['db'];
  /** Its real agents, by name. */
  readonly agents: ReadonlyMap<string, { kill(): Promise<void> }>;
  /** The node's workflow's view; queried once if `withinMs` is 0. */
  lifecycle(name: string, withinMs: number, answersWithinMs?: number): Promise<LifecycleView>;
  workflow(name: string): WorkflowHandle;
}

export function nodesOf({ db }: Pick<Checked, 'db'>) {
  return db.collection<NodeDocument>('nodes');
}
