import { getHeapStatistics } from 'node:v8';

const MB = 1_024 * 1_024;
/** The process without a workflow, and with its hands full. */
const BASE_MB = 300;
/** A lifecycle in the cache with the garbage that its tasks leave; docs/sizing.md has what was measured. */
const WORKFLOW_MB = 0.7;
/** Those that are worked on at the same time have to fit. */
const LEAST = 50;

/**
 * How many tasks a worker has in hand at the same time. Workflow tasks run on one thread: more of them finish no sooner, and where the
 * process gets little done each takes so much longer that it runs out of time, is evicted and has to be replayed; docs/adr/0021 has what was
 * measured. Activities and local activities wait for MongoDB most of their time, and none for longer than its time-out.
 */
export const SLOTS = {
  maxConcurrentWorkflowTaskExecutions: 4,
  maxConcurrentLocalActivityExecutions: 16,
  maxConcurrentActivityTaskExecutions: 100,
} as const;

/**
 * How many workflows the worker keeps at hand between their tasks. The others are replayed from their history when
 * something happens to them, which costs time and changes nothing.
 * @param memoryMb what the process may take, in megabytes
 * @param heapMb what Node lets JavaScript have, in megabytes: beyond it the process would die
 */
export function cachedWorkflows(memoryMb: number, heapMb = getHeapStatistics().heap_size_limit / MB): number {
  return Math.max(LEAST, Math.floor((Math.min(memoryMb, heapMb) - BASE_MB) / WORKFLOW_MB));
}
