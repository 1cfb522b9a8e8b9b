import type { Figures } from '../../contract/measures.js';
import type { Resources } from '../../contract/schemas/agents.js';

type Gpus = Resources['gpus'];

/** What most nodes have, at each of their heartbeats. */
const NONE = {};

/** A machine's GPUs as one: how busy they are on average, and their memory together. What none of them tells is absent. */
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
