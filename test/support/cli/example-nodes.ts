import { nodeEventSchema } from '../../../contract/schemas/node-events.js';
import { nodeSchema } from '../../../contract/schemas/nodes.js';
import type { Node, NodeEvent } from '../../../client/types.gen.js';

/** Nodes as the api sends them (checked by the contract's schemas) at a fixed time, for renderers and a fake api. */

export const NOW = Date.parse('2026-11-21T12:00:00.000Z');
export const secondsAgo = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const GiB = 1_024 ** 3;

/** Reported by an agent without load average and swap. */
const RESOURCES: NonNullable<Node['resources']> = {
  cpu: { cores: 4, utilization: 0.374 },
  memory: { totalBytes: 8 * GiB, usedBytes: 3 * GiB, availableBytes: 5 * GiB },
  disk: { totalBytes: 200 * GiB, usedBytes: 51.5 * GiB, availableBytes: 148.5 * GiB },
  gpus: [{ index: 0, utilization: 0.5, memoryUsedBytes: 6 * GiB, memoryTotalBytes: 24 * GiB }],
  connections: 17,
};

export function exampleNode(id: string, changes: Partial<Node> = {}): Node {
  const index = Number(/\d+$/.exec(id)?.[0] ?? 99);
  const since = { since: secondsAgo(7_500), by: 'system' };
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
    lastHeartbeat: secondsAgo(4),
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
    removeAfter: null,
    createdAt: secondsAgo(7_500),
    joinedAt: secondsAgo(7_500),
    ...changes,
    // Undefined in the schema's type, absent in the client's.
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
    lastHeartbeat: secondsAgo(1),
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
        since: secondsAgo(7_000),
        reason: 'Passed',
        message: 'free space: 41.5 % of /var/lib/rollcall-agent',
        by: 'built-in',
      },
      {
        type: 'gpu',
        status: 'UNFIT',
        since: secondsAgo(240),
        reason: 'GpuHot',
        message: 'GPU 0: 93 °C, over 90 °C',
        by: 'built-in',
      },
      {
        type: 'scratch',
        status: 'UNKNOWN',
        since: secondsAgo(30),
        reason: 'TimedOut',
        message: 'it had not ended after 10 s',
        by: '/usr/local/lib/rollcall/check-scratch',
      },
    ],
  }),
  exampleNode('node-2', { warning: true, missedHeartbeats: 3, lastHeartbeat: secondsAgo(52) }),
  exampleNode('node-10', {
    phase: 'PENDING',
    approval: { value: 'PENDING', since: secondsAgo(65), reason: '', by: 'system' },
    labels: {},
  }),
  exampleNode('node-11', {
    phase: 'REJECTED',
    approval: { value: 'REJECTED', since: secondsAgo(300), reason: 'Unauthorized node', by: 'admin' },
    decision: { seq: 2, appliedSeq: 2, unappliedSince: null },
  }),
  exampleNode('node-12', {
    phase: 'DRAINING',
    availability: { value: 'DRAINING', since: secondsAgo(600), reason: 'new kernel', by: 'admin' },
    activeSessions: 2,
    drain: {
      since: secondsAgo(600),
      by: 'admin',
      reason: 'new kernel',
      deadline: secondsAgo(-1_200),
      onDeadline: 'terminate',
      terminating: false,
      thenRemove: true,
      remaining: ['s-1', 's-2'],
    },
    decision: { seq: 3, appliedSeq: 2, unappliedSince: null },
  }),
  exampleNode('node-13', {
    status: 'UNKNOWN',
    liveness: { value: 'UNKNOWN', since: secondsAgo(100), reason: 'no heartbeat for 6m', by: 'system' },
    lastHeartbeat: secondsAgo(460),
  }),
  exampleNode('node-14', {
    phase: 'REGISTERED',
    status: 'UNKNOWN',
    liveness: { value: 'UNKNOWN', since: secondsAgo(5), reason: 'never seen', by: 'system' },
    approval: { value: 'PENDING', since: secondsAgo(5), reason: '', by: 'admin' },
    lastHeartbeat: null,
    joinedAt: null,
    info: null,
    resources: null,
  }),
];

export function exampleEvents(id: string): NodeEvent[] {
  const { uid } = exampleNode(id);
  const event = (number: number, seconds: number, type: string, by: string, reason: string, from: string | null) =>
    nodeEventSchema.parse({ id: `event-${number}`, at: secondsAgo(seconds), type, node: id, uid, by, reason, from });
  return [
    event(3, 300, 'NodeRejected', 'admin', 'Unauthorized node', '192.0.2.7'),
    event(2, 7_480, 'NodeHealthy', `agent:${id}`, 'a heartbeat came', null),
    event(1, 7_500, 'NodeJoined', `agent:${id}`, '', '192.0.2.20'),
  ];
}
