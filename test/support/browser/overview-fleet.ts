import type { FaultCluster } from '../cluster/fault-cluster.js';
import { simulatedFleet } from '../simulated-fleet.js';

const HOUR_MS = 3_600_000;

/**
 * A fleet as documents in the record, with a heartbeat each, since only the page is under test. One node has a copied identity, one a late
 * drain; its states were counted for a day, with gaps of some hours.
 */
export async function insertFleet({ db }: Pick<FaultCluster, 'db'>, size: number): Promise<void> {
  const fleet = simulatedFleet(size, { heardAt: Date.now() + HOUR_MS });
  const copied = fleet.nodes.find(({ phase, liveness }) => phase === 'ACTIVE' && liveness === 'HEALTHY');
  if (copied) copied.copied = { since: Date.now(), bootIds: [] };
  const drain = fleet.nodes.find(({ phase, liveness }) => phase === 'DRAINING' && liveness === 'HEALTHY');
  if (drain) drain.decision.availability.deadline = Date.now() - HOUR_MS;
  await db.collection('nodes').insertMany(fleet.nodes as never[]);
  await db.collection('heartbeats').insertMany(fleet.heartbeats as never[]);
  const now = Math.floor(Date.now() / 60_000);
  // A day with gaps of some hours.
  const minutes = Array.from({ length: 1_440 }, (_, ago) => ago).filter((ago) => ago < 240 || ago > 390);
  await db.collection('fleethistory').deleteMany({});
  await db.collection('fleethistory').insertMany(
    minutes.map((ago) => ({
      _id: (now - ago) as never,
      at: new Date((now - ago) * 60_000),
      states: {
        healthy: size - 2_000 - ago,
        unknown: 300 + ago,
        unhealthy: 400,
        pending: 300,
        draining: 300,
        rejected: 200,
      },
    })),
  );
}
