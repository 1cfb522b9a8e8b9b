import { getHeapStatistics } from 'node:v8';

const MB = 1_024 * 1_024;
/** Memory of a busy process without cached workflows, in megabytes. */
const BASE_MB = 300;
/** Memory per cached lifecycle, including its tasks' garbage, in megabytes; measured in docs/sizing.md. */
const WORKFLOW_MB = 0.7;
/** Minimum cache size: workflows that are worked on at the same time have to fit. */
const LEAST = 50;

/**
 * Maximum number of concurrent tasks per worker. Workflow tasks run on one thread: more of them finish no sooner, and on an overloaded machine
 * each takes so long that it times out, is evicted and has to be replayed (docs/adr/0021). Activities and local activities mostly wait for
 * MongoDB, none longer than its timeout.
 */
export const SLOTS = {
  maxConcurrentWorkflowTaskExecutions: 4,
  maxConcurrentLocalActivityExecutions: 16,
  maxConcurrentActivityTaskExecutions: 100,
} as const;

/**
 * Number of workflows that the worker caches between their tasks. Others are replayed from their history when they are needed, which costs
 * time and changes nothing.
 * @param memoryMb memory limit of the process, in megabytes
 * @param heapMb Node's heap limit, in megabytes, beyond which the process would die
 */
export function cachedWorkflows(memoryMb: number, heapMb = getHeapStatistics().heap_size_limit / MB): number {
  return Math.max(LEAST, Math.floor((Math.min(memoryMb, heapMb) - BASE_MB) / WORKFLOW_MB));
}
