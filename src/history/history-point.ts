import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';

/** What is plotted of a heartbeat: a disk that could not be read as nothing of nothing, and sessions as many as the node's workflow counted last. */
export function historyPoint(
  { uid, activeSessions }: { uid: string; activeSessions: number },
  { cpu, memory, disk, connections }: Resources,
  at: EpochMs,
): HistoryPoint {
  return {
    uid,
    at,
    cpu: cpu.utilization,
    memoryUsedBytes: memory.usedBytes,
    memoryTotalBytes: memory.totalBytes,
    diskUsedBytes: disk?.usedBytes ?? 0,
    diskTotalBytes: disk?.totalBytes ?? 0,
    connections,
    sessions: activeSessions,
  };
}
