import { randomUUID } from 'node:crypto';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import type { FaultCluster } from '../cluster/fault-cluster.js';

/** Ended sessions as documents in the record, more than a test could run. */
export async function insertSessions(
  { db }: Pick<FaultCluster, 'db'>,
  principal: string,
  count: number,
  openedAt: number,
): Promise<void> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await db.collection('sessions').insertMany(
    ids.map((id) => ({
      ...{ _id: id as never, id, kind: 'managed', principal, statement: 'select 1', sql: 'select 1' },
      ...{ state: 'COMPLETED', reason: '', node: null, resources: DEFAULT_SESSION_RESOURCES, labels: [] },
      ...{ openedBy: 'admin', openedAt, startedAt: openedAt, endedAt: openedAt, termination: null },
      ...{ rows: 1, resultFile: null, preview: null, expiresAt: new Date(Date.now() + 86_400_000) },
    })),
  );
}
