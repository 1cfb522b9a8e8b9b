import { setTimeout as pause } from 'node:timers/promises';
import type { DrainSetDocument } from '../../../src/mongo/schemas/drain-set.schema.js';
import type { FaultCluster } from '../../support/cluster/fault-cluster.js';
import type { Ledger } from './ledger.js';

/** Checks every drain set at intervals: the number of its draining nodes never exceeds its budget. */
export async function watchBudgets(cluster: FaultCluster, ledger: Ledger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const sets = await cluster.db
      .collection<DrainSetDocument>('drains')
      .find({})
      .toArray()
      .catch(() => []);
    for (const { _id, members, maxUnavailable } of sets) {
      const reason = `drain set ${_id}: chaos set`;
      const query = {
        _id: { $in: members.map(({ uid }) => uid) },
        phase: 'DRAINING',
        'decision.availability.reason': reason,
      };
      const draining = await cluster.db
        .collection('nodes')
        .countDocuments(query as object)
        .catch(() => 0);
      if (draining > maxUnavailable)
        ledger.seen.push(`budget: ${draining} nodes of drain set ${_id} drain at once, ${maxUnavailable} may`);
    }
    await pause(250, undefined, { signal: stop }).catch(() => undefined);
  }
}
