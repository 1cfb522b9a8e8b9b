import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultCluster } from '../../support/cluster/fault-cluster.js';

/**
 * Copies what explains a broken promise, before the run's home is removed: the logs of all processes, and when no api recorded heartbeats.
 * @returns the folder
 */
export async function keepEvidence({ home, db }: FaultCluster): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-chaos-'));
  await cp(home.logs, join(folder, 'logs'), { recursive: true });
  const [blindSpots, pulses] = await Promise.all(
    ['blindspots', 'pulses'].map((name) => db.collection(name).find().toArray()),
  );
  await writeFile(join(folder, 'blindness.json'), JSON.stringify({ blindSpots, pulses }, null, 2));
  return folder;
}
