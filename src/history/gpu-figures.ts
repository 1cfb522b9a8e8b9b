import type { Figures } from '../../contract/measures.js';
import type { Resources } from '../../contract/schemas/agents.js';

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
