import { clusterSchema } from '../../../contract/schemas/cluster.js';
import { drainSetSchema } from '../../../contract/schemas/drains.js';
import { nodeEventSchema, nodeSchema } from '../../../contract/schemas/nodes.js';
import { nodeSessionSchema, sessionSchema } from '../../../contract/schemas/sessions.js';
import type { Cluster, DrainSet, Node, NodeEvent, NodeSession, Session } from '../../../client/types.gen.js';

/** Documents as the api sends them – the contract's own schemas check that – at a fixed time, for renderers and a fake api. */

export const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const GiB = 1_024 ** 3;

/** As an agent says them that knows neither load average nor swap. */
const RESOURCES: NonNullable<Node['resources']> = {
  cpu: { cores: 4, utilization: 0.374 },
  memory: { totalBytes: 8 * GiB, usedBytes: 3 * GiB, availableBytes: 5 * GiB },
  disk: { totalBytes: 200 * GiB, usedBytes: 51.5 * GiB, availableBytes: 148.5 * GiB },
  gpus: [{ index: 0, utilization: 0.5, memoryUsedBytes: 6 * GiB, memoryTotalBytes: 24 * GiB }],
  connections: 17,
};

export function exampleNode(id: string, changes: Partial<Node> = {}): Node {
  const index = Number(/\d+$/.exec(id)?.[0] ?? 99);
  const since = { since: ago(7_500), by: 'system' };
  return nodeSchema.parse({
    id,
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    type: 'Compute',
    phase: 'ACTIVE',
    status: 'HEALTHY',
    approval: { value: 'APPROVED', ...since, reason: 'approved automatically: ManualApproval is off' },
    availability: { value: 'ACTIVE', ...since, reason: 'approved automatically: ManualApproval is off' },
    liveness: { value: 'HEALTHY', ...since, reason: 'a heartbeat came', by: `agent:${id}` },
    warning: false,
    missedHeartbeats: 0,
    overdue: false,
    copied: null,
    outdated: null,
    lastHeartbeat: ago(4),
    drain: null,
    activeSessions: 0,
    reserved: { cpu: 0, memory: 0, disk: 0, gpu: 0 },
    labels: { pool: 'a', zone: 'north' },
    description: '',
    info: {
      agentVersion: '0.1.0',
      hostname: `${id}.example`,
      os: {
        platform: 'linux',
        distribution: 'Debian GNU/Linux',
        release: '12',
        kernel: '6.1.0-13-amd64',
        architecture: 'x64',
      },
      cpu: { model: 'EPYC 7B13', vendor: 'AMD', physicalCores: 4, logicalCores: 8, usableCores: 4 },
      memory: { totalBytes: 16 * GiB, usableBytes: 8 * GiB },
      disks: [{ device: '/dev/sda1', mount: '/', filesystem: 'ext4', totalBytes: 200 * GiB }],
      gpus: [{ index: 0, vendor: 'NVIDIA', model: 'A10', memoryBytes: 24 * GiB }],
    },
    resources: RESOURCES,
    conditions: null,
    quarantine: null,
    heldBack: null,
    until: null,
    planned: null,
    despite: [],
    decision: { seq: 1, appliedSeq: 1, unappliedSince: null },
    workflow: { id: `lifecycle-${id}`, url: `http://127.0.0.1:8233/namespaces/default/workflows/lifecycle-${id}` },
    createdAt: ago(7_500),
    joinedAt: ago(7_500),
    ...changes,
    // What the schema calls undefined, the client's types have absent.
  }) as Node;
}

/** An api replica: it reports no hardware. */
export function exampleRequester(id: string): Node {
  return exampleNode(id, {
    type: 'Requester',
    status: 'CONNECTED',
    info: null,
    resources: null,
    labels: {},
    lastHeartbeat: ago(1),
  });
}

/** The cluster that `npm start` makes, as issue 3 shows it. */
export const FRESH_CLUSTER: Node[] = [
  exampleRequester('node-0'),
  exampleNode('node-1'),
  exampleNode('node-2'),
  exampleNode('node-3'),
];

/** One node in each situation that looks different. */
export const MIXED_FLEET: Node[] = [
  exampleRequester('node-0'),
  exampleNode('node-1', {
    resources: { ...RESOURCES, loadAverage: 1.53, swapUsedBytes: GiB / 4 },
    activeSessions: 2,
    reserved: { cpu: 1.25, memory: GiB, disk: GiB / 2, gpu: 1 },
    conditions: [
      {
        type: 'disk',
        status: 'FIT',
        since: ago(7_000),
        reason: 'Passed',
        message: 'free space: 41.5 % of /var/lib/rollcall-agent',
        by: 'built-in',
      },
      {
        type: 'gpu',
        status: 'UNFIT',
        since: ago(240),
        reason: 'GpuHot',
        message: 'GPU 0: 93 °C, over 90 °C',
        by: 'built-in',
      },
      {
        type: 'scratch',
        status: 'UNKNOWN',
        since: ago(30),
        reason: 'TimedOut',
        message: 'it had not ended after 10 s',
        by: '/usr/local/lib/rollcall/check-scratch',
      },
    ],
  }),
  exampleNode('node-2', { warning: true, missedHeartbeats: 3, lastHeartbeat: ago(52) }),
  exampleNode('node-10', {
    phase: 'PENDING',
    approval: { value: 'PENDING', since: ago(65), reason: '', by: 'system' },
    labels: {},
  }),
  exampleNode('node-11', {
    phase: 'REJECTED',
    approval: { value: 'REJECTED', since: ago(300), reason: 'Unauthorized node', by: 'admin' },
    decision: { seq: 2, appliedSeq: 2, unappliedSince: null },
  }),
  exampleNode('node-12', {
    phase: 'DRAINING',
    availability: { value: 'DRAINING', since: ago(600), reason: 'new kernel', by: 'admin' },
    activeSessions: 2,
    drain: {
      since: ago(600),
      by: 'admin',
      reason: 'new kernel',
      deadline: ago(-1_200),
      onDeadline: 'terminate',
      terminating: false,
      thenRemove: true,
      remaining: ['s-1', 's-2'],
    },
    decision: { seq: 3, appliedSeq: 2, unappliedSince: null },
  }),
  exampleNode('node-13', {
    status: 'UNKNOWN',
    liveness: { value: 'UNKNOWN', since: ago(100), reason: 'no heartbeat for 6m', by: 'system' },
    lastHeartbeat: ago(460),
  }),
  exampleNode('node-14', {
    phase: 'REGISTERED',
    status: 'UNKNOWN',
    liveness: { value: 'UNKNOWN', since: ago(5), reason: 'never seen', by: 'system' },
    approval: { value: 'PENDING', since: ago(5), reason: '', by: 'admin' },
    lastHeartbeat: null,
    joinedAt: null,
    info: null,
    resources: null,
  }),
];

export function exampleEvents(id: string): NodeEvent[] {
  const { uid } = exampleNode(id);
  const event = (number: number, seconds: number, type: string, by: string, reason: string, from: string | null) =>
    nodeEventSchema.parse({ id: `event-${number}`, at: ago(seconds), type, node: id, uid, by, reason, from });
  return [
    event(3, 300, 'NodeRejected', 'admin', 'Unauthorized node', '192.0.2.7'),
    event(2, 7_480, 'NodeHealthy', `agent:${id}`, 'a heartbeat came', null),
    event(1, 7_500, 'NodeJoined', `agent:${id}`, '', '192.0.2.20'),
  ];
}

export const NODE_SESSIONS: NodeSession[] = [
  {
    id: 's-1',
    principal: 'ana@example.com',
    statement: 'select count(*)\n  from orders',
    state: 'RUNNING' as const,
    startedAt: ago(75),
    elapsedMs: 75_000,
    resources: { cpu: 0.25, memory: 256 * 1_024 ** 2, disk: 0, gpu: 0 },
  },
  {
    id: 's-2',
    principal: 'job:nightly',
    statement: 'vacuum',
    state: 'TERMINATING' as const,
    startedAt: ago(9_000),
    elapsedMs: 9_000_000,
    resources: null,
  },
].map((session) => nodeSessionSchema.parse(session));

export function exampleSession(id: string, changes: Partial<Session> = {}): Session {
  return sessionSchema.parse({
    ...{
      id,
      kind: 'managed',
      principal: 'ana',
      statement: 'select 42 as answer',
      sql: null,
      state: 'RUNNING',
      reason: '',
      node: 'node-1',
      nodeUid: exampleNode('node-1').uid,
    },
    resources: { cpu: 0.25, memory: 256 * 1_024 ** 2, disk: 256 * 1_024 ** 2, gpu: 0 },
    ...{ labels: {}, openedBy: 'admin', openedAt: ago(80), startedAt: ago(75), endedAt: null, elapsedMs: 75_000 },
    ...{ termination: null, rows: null, resultFile: null, preview: null },
    ...changes,
  });
}

/** A session that has its result. */
export const COMPLETED = exampleSession('s-3', {
  ...{
    state: 'COMPLETED',
    sql: 'select *\nfrom answers',
    endedAt: ago(70),
    elapsedMs: 5_000,
    rows: 250,
    resultFile: '/var/lib/rollcall-agent/results/s-3.csv',
  },
  preview: {
    columns: [
      { name: 'answer', type: 'INTEGER' },
      { name: 'who', type: 'VARCHAR' },
    ],
    rows: [
      ['42', 'ana'],
      ['7', null],
    ],
    truncated: true,
  },
});

export function exampleDrain(id: string, changes: Partial<DrainSet> = {}): DrainSet {
  const counts = {
    QUEUED: 1,
    DRAINING: 1,
    DRAINED: 1,
    ALREADY: 0,
    SKIPPED: 1,
    ACTIVATED: 0,
    REJECTED: 0,
    REMOVED: 0,
    RELEASED: 0,
    NOT_BEGUN: 0,
    UPDATING: 0,
    UPDATED: 0,
    FAILED: 0,
    NOT_MANAGED: 0,
  };
  const member = (node: string, state: string, seconds: number, reason = '') => ({
    id: node,
    uid: exampleNode(node).uid,
    state,
    since: ago(seconds),
    reason,
  });
  return drainSetSchema.parse({
    ...{
      id,
      state: 'RUNNING',
      labels: ['pool=a'],
      reason: 'new kernel',
      by: 'ana',
      at: ago(600),
      endedAt: null,
      maxUnavailable: 1,
      deadline: '15m',
      onDeadline: 'terminate',
      beginsAt: null,
      until: null,
    },
    ruling: { at: ago(600), by: 'ana', applied: true },
    counts,
    others: { waiting: false, count: 0, nodes: [] },
    nodes: [
      member('node-1', 'DRAINED', 300),
      member('node-2', 'SKIPPED', 300, 'node node-2 awaits approval'),
      member('node-3', 'DRAINING', 299),
      member('node-4', 'QUEUED', 600),
    ],
    workflow: { id: `drain-set-${id}`, url: `http://127.0.0.1:8233/namespaces/default/workflows/drain-set-${id}` },
    ...changes,
  });
}

export const CLUSTER: Cluster = clusterSchema.parse({
  at: ago(1),
  nodes: {
    total: 8,
    byPhase: { REGISTERED: 1, PENDING: 1, REJECTED: 1, WAITING: 0, ACTIVE: 4, DRAINING: 1, DRAINED: 0, REMOVED: 0 },
    byLiveness: { HEALTHY: 6, UNHEALTHY: 0, UNKNOWN: 2 },
    stopped: {},
    overdue: 0,
    warnings: 1,
  },
  attention: { lost: 1, overdue: 0, copied: 0, lateDrain: 0, unapplied: 0, unfit: 0, pending: 1 },
  activeSessions: 4,
  massSilence: null,
  resources: { cpuCores: 28, cpuUsedCores: 9.5, memoryTotalBytes: 56 * GiB, memoryUsedBytes: 21 * GiB, gpus: 7 },
  resourcesAt: ago(3),
  heartbeats: {
    ...{
      intervalMs: 15_000,
      configuredIntervalMs: 15_000,
      stretched: false,
      expectedPerSecond: 8 / 15,
      maxPerSecond: 2_000,
    },
    signals: { regime: 'every', budgetPerSecond: 50, replicas: 1 },
  },
  settings: {
    pollIntervalMs: 5_000,
    heartbeatIntervalMs: 15_000,
    disconnectTimeoutMs: 60_000,
    missedHeartbeatsWarning: 2,
    temporalWebUI: null,
  },
});
