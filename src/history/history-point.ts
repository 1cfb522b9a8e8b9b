import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';

/** What is plotted of a heartbeat. Sessions are as many as the node's workflow counted last. */
export function historyPoint({ uid, activeSessions }: { uid: string; activeSessions: number }, { cpu, memory, disk, connections }: Resources, at: EpochMs): HistoryPoint {
  return {
    uid,
    at,
    cpu: cpu.utilization,
    memoryUsedBytes: memory.usedBytes,
    memoryTotalBytes: memory.totalBytes,
    diskUsedBytes: disk.usedBytes,
    diskTotalBytes: disk.totalBytes,
    connections,
    sessions: activeSessions,
  };
}
