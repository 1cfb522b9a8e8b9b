import { DISCONNECT_TIMEOUT_MS, UNKNOWN_TIMEOUT_MS } from '../../support/cluster/cluster-configuration.js';
import type { StoredEvent } from '../../support/cluster/fault-cluster.js';
import type { Checked } from './checked.js';
import type { Ledger } from './ledger.js';

/** Agents that could not reach the api come back within this time, and verdicts are based on what was recorded by then. In milliseconds. */
const AFTERMATH_MS = 60_000;
/** A rejected agent asks again only after half a minute, so it may learn of an approval that much later. In milliseconds. */
const REJECTED_MS = 45_000;

/** Every node that was judged silent had been hindered, rejected or gone shortly before. */
export async function blamedNodes({ db, agents }: Checked, ledger: Ledger): Promise<string[]> {
  const events = await db
    .collection<StoredEvent>('events')
    .find({
      type: {
        $in: [
          'NodeUnhealthy',
          'NodeUnknown',
          'NodeRejected',
          'NodeRemoved',
          'TokenRevoked',
          'NodeJoined',
          'NodeApproved',
          'NodeActivated',
        ],
      },
    })
    .sort({ at: 1 })
    .toArray();
  const excuses = new Map<string, StoredEvent>();
  const broken: string[] = [];
  for (const event of events) {
    const { uid, node, at, type, reason } = event;
    if (type !== 'NodeUnhealthy' && type !== 'NodeUnknown') {
      excuses.set(uid, event);
      continue;
    }
    const excuse = excuses.get(uid);
    // Its agent no longer beats, however late it is judged.
    if (excuse?.type === 'NodeRejected' || excuse?.type === 'NodeRemoved') continue;
    const from = at - DISCONNECT_TIMEOUT_MS - UNKNOWN_TIMEOUT_MS - AFTERMATH_MS;
    const pool = /^sim-(\d)-/.exec(node)?.[1];
    const wasHindered =
      ledger.wasHindered(node, from, at) || (pool !== undefined && ledger.wasHindered(`pool ${pool}`, from, at));
    const hasAgent = pool !== undefined || agents.has(node);
    if (hasAgent && !wasHindered && at - (excuse?.at ?? 0) > REJECTED_MS)
      broken.push(
        `${node} was called ${type} at ${new Date(at).toISOString()} (${reason}) and nothing had kept it from beating, since ${excuse?.type} at ${new Date(excuse?.at ?? 0).toISOString()} at least; in the minute before: ${ledger.during(at - 60_000, at)}`,
      );
  }
  return broken;
}
