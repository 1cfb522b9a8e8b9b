/** @import { DescribedMetric } from '../src/described-metrics.js' */

const HANDS = ['namespace', 'service_name', 'task_queue'];

/**
 * The metrics of Temporal's SDK that alerts and people use; it has more. Some exist only once something has happened.
 * @type {Omit<DescribedMetric, 'processes'>[]}
 */
const OF_THE_SDK = [
  {
    name: 'temporal_worker_task_slots_used',
    type: 'gauge',
    labels: [...HANDS, 'worker_type'],
    help: 'Tasks in hand; the sweep for silent nodes is on `<TaskQueue>-sweep`',
  },
  {
    name: 'temporal_worker_task_slots_available',
    type: 'gauge',
    labels: [...HANDS, 'worker_type'],
    help: 'Tasks that could be taken besides ([how many](adr/0021-a-worker-has-few-tasks-in-hand.md))',
  },
  {
    name: 'temporal_workflow_task_schedule_to_start_latency_seconds',
    type: 'histogram',
    labels: HANDS,
    help: 'How long workflow tasks waited for a worker; seconds at the 95th percentile: the workers do not keep up',
  },
  {
    name: 'temporal_activity_schedule_to_start_latency_seconds',
    type: 'histogram',
    labels: HANDS,
    help: 'How long activities waited for a worker',
  },
  {
    name: 'temporal_workflow_task_execution_latency_seconds',
    type: 'histogram',
    labels: [...HANDS, 'workflow_type'],
    help: "How long workflow tasks took; near 20 s, a task's time-out: the process is starved",
  },
  {
    name: 'temporal_workflow_task_execution_failed_total',
    type: 'counter',
    labels: [...HANDS, 'workflow_type', 'failure_reason'],
    help: 'Workflow tasks that failed, and are tried again: a workflow that does so for good is stuck',
  },
  {
    name: 'temporal_workflow_continue_as_new_total',
    type: 'counter',
    labels: [...HANDS, 'workflow_type'],
    help: 'Runs that ended and went on as new ones, whose history begins anew',
  },
  {
    name: 'temporal_activity_execution_latency_seconds',
    type: 'histogram',
    labels: [...HANDS, 'activity_type', 'workflow_type'],
    help: 'How long activities took: mostly MongoDB',
  },
  {
    name: 'temporal_activity_execution_failed_total',
    type: 'counter',
    labels: [...HANDS, 'activity_type', 'workflow_type', 'failure_reason'],
    help: 'Activities that failed, and are tried again',
  },
  {
    name: 'temporal_sticky_cache_size',
    type: 'gauge',
    labels: HANDS,
    help: 'Workflows at hand; the others are replayed when something happens to them',
  },
];

/**
 * The tables of docs/metrics.md: Rollcall's own metrics, those of Node.js, and those of Temporal's SDK.
 * @param {readonly DescribedMetric[]} metrics
 */
export function metricTables(metrics) {
  const isOurs = (/** @type {DescribedMetric} */ { name }) => name.startsWith('rollcall_');
  return {
    'metrics-rollcall': table(metrics.filter(isOurs)),
    'metrics-temporal': table(OF_THE_SDK.map((metric) => ({ ...metric, processes: ['worker'] }))),
    'metrics-process': table(metrics.filter((metric) => !isOurs(metric))),
  };
}

/** @param {readonly DescribedMetric[]} metrics */
function table(metrics) {
  return [
    '| metric | type | labels | process | what it says |',
    '|---|---|---|---|---|',
    ...metrics.map(
      ({ name, type, labels, processes, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${processes.join(', ')} | ${help} |`,
    ),
    '',
  ].join('\n');
}
