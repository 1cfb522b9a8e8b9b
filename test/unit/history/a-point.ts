import type { HistoryPoint } from '../../../src/history/history-store.js';

/** The point of a heartbeat of node `u` at that time, in round numbers. */
export function aPoint(at: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    uid: 'u',
    at,
    cpu: 0.5,
    memoryUsedBytes: 10,
    memoryTotalBytes: 100,
    diskUsedBytes: 20,
    diskTotalBytes: 200,
    connections: 4,
    sessions: 1,
    ...changes,
  };
}
