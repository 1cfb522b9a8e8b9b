import { getHeapStatistics } from 'node:v8';

const MB = 1_024 * 1_024;
/** The process without a workflow, and with its hands full. */
const BASE_MB = 300;
/** A lifecycle in the cache with the garbage that its tasks leave; docs/scale.md says how that was measured. */
const WORKFLOW_MB = 0.7;
/** Those that are worked on at the same time have to fit. */
const LEAST = 50;

/**
 * How many workflows the worker keeps at hand between their tasks. The others are replayed from their history when
 * something happens to them, which costs time and changes nothing.
 * @param memoryMb what the process may take, in megabytes
 * @param heapMb what Node lets JavaScript have, in megabytes: beyond it the process would die
 */
export function cachedWorkflows(memoryMb: number, heapMb = getHeapStatistics().heap_size_limit / MB): number {
  return Math.max(LEAST, Math.floor((Math.min(memoryMb, heapMb) - BASE_MB) / WORKFLOW_MB));
}
