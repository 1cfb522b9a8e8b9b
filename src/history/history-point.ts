import { measure, MEASURE_KEYS, type Figures } from '../../contract/measures.js';
import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import type { HistoryPoint } from './history-store.js';

/** The stored figures of a heartbeat. An unreadable disk counts as 0 of 0; the number of sessions is that of the workflow's last projection. */
export function historyPoint(
  { uid, activeSessions }: { uid: string; activeSessions: number },
  resources: Resources,
  at: EpochMs,
): HistoryPoint {
  const figures: Partial<Figures> = { sessions: activeSessions, ...gpuFigures(resources.gpus) };
  for (const key of MEASURE_KEYS) {
    const { reported, optional } = measure(key);
    if (reported === undefined) continue;
    const figure = figureAt(resources, reported) ?? (optional ? undefined : 0);
    if (figure !== undefined) figures[key] = figure;
  }
  return { uid, at, ...(figures as Figures) };
}

function figureAt(resources: object, [group, field]: readonly [string, string?]): number | undefined {
  const found = (resources as Record<string, unknown>)[group];
  return (field === undefined ? found : (found as Record<string, unknown> | undefined)?.[field]) as number | undefined;
}

type Gpus = Resources['gpus'];

/** Shared result for nodes without GPUs, which are most. */
const NONE = {};

/** Combines a machine's GPUs: mean utilization, and sums of their memory. Figures that none of them reports are absent. */
export function gpuFigures(gpus: Gpus): Partial<Pick<Figures, 'gpu' | 'gpuMemoryUsedBytes' | 'gpuMemoryTotalBytes'>> {
  if (gpus.length === 0) return NONE;
  const busy = gpus.flatMap(({ utilization }) => utilization ?? []);
  const memories = gpus.filter(({ memoryUsedBytes, memoryTotalBytes }) => memoryUsedBytes !== null && memoryTotalBytes);
  return {
    ...(busy.length > 0 && { gpu: sumOf(busy) / busy.length }),
    ...(memories.length > 0 && {
      gpuMemoryUsedBytes: sumOf(memories.map(({ memoryUsedBytes }) => memoryUsedBytes ?? 0)),
      gpuMemoryTotalBytes: sumOf(memories.map(({ memoryTotalBytes }) => memoryTotalBytes ?? 0)),
    }),
  };
}

function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0);
}
