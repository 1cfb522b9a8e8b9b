import { randomUUID } from 'node:crypto';
import { decide, firstDecision, type Decision, type DecisionAction } from '../../../contract/decision.js';
import type { LifecycleView } from '../../../contract/lifecycle.js';
import type { NodeInfo, Resources } from '../../../contract/schemas/agents.js';
import type { NodeEvent } from '../../../src/record/event-store.js';
import type { DecisionChange, NewNode, NodeRecord } from '../../../src/record/node-store.js';
import { NOON } from '../manual-clock.js';

export const INFO: NodeInfo = {
  agentVersion: '0.1.0',
  hostname: 'rack-1',
  os: { platform: 'linux', distribution: 'Debian', release: '12', kernel: '6.1', architecture: 'x64' },
  cpu: { model: 'EPYC', vendor: 'AMD', physicalCores: 2, logicalCores: 4, usableCores: 4 },
  memory: { totalBytes: 8e9, usableBytes: 8e9 },
  disks: [],
  gpus: [],
};

export const RESOURCES: Resources = {
  cpu: { cores: 4, utilization: 0.25 },
  memory: { totalBytes: 8_000, usedBytes: 2_000, availableBytes: 6_000 },
  disk: { totalBytes: 9_000, usedBytes: 1_000, availableBytes: 8_000 },
  gpus: [],
  connections: 3,
};

/** A heartbeat of a machine with this utilisation, from 0 to 1. */
export function busyResources(cpu: number, memory = cpu): Resources {
  const [totalBytes, usedBytes] = [10_000, Math.round(10_000 * memory)];
  return {
    ...RESOURCES,
    cpu: { cores: 4, utilization: cpu },
    memory: { totalBytes, usedBytes, availableBytes: totalBytes - usedBytes },
  };
}

/** An approved node that joined with a key. */
export function newNode(name: string, changes: Partial<NewNode> = {}): NewNode {
  return {
    uid: randomUUID(),
    name,
    type: 'Compute',
    labels: {},
    description: '',
    decision: firstDecision({ at: NOON, by: 'system', reason: '', registered: true, approval: 'APPROVED' }),
    at: NOON,
    joining: { publicKeyX: `key-of-${name}`, info: INFO },
    ...changes,
  };
}

/** A slot whose node has not joined yet. */
export function newSlot(name: string, labels: Record<string, string>): NewNode {
  const { joining: _nobody, ...slot } = newNode(name, { labels });
  return {
    ...slot,
    decision: firstDecision({ at: NOON, by: 'alice', reason: '', registered: false, approval: 'PENDING' }),
  };
}

export function event(uid: string, changes: Partial<NodeEvent> = {}): NodeEvent {
  return {
    id: randomUUID(),
    uid,
    node: 'node-1',
    at: NOON,
    type: 'NodeJoined',
    by: 'alice',
    reason: '',
    from: '127.0.0.1',
    ...changes,
  };
}

/** The change that `action` makes to a node. */
export function change(node: NodeRecord, action: DecisionAction, reason = '', at = NOON + 1_000): DecisionChange {
  const decision = decide(node.decision, action, { at, by: 'alice', reason });
  return {
    uid: node.uid,
    expectedSeq: node.decision.seq,
    decision,
    event: event(node.uid, { node: node.name, type: 'NodeApproved', reason, at }),
  };
}

/** The workflow's report of a node that has applied `decision`. */
export function view(
  node: NodeRecord,
  revision: number,
  changes: Partial<LifecycleView> = {},
  decision: Decision = node.decision,
): LifecycleView {
  const condition = { since: NOON, reason: '', by: 'system' };
  return {
    nodeId: node.name,
    uid: node.uid,
    seq: decision.seq,
    revision,
    phase: 'ACTIVE',
    approval: { value: 'APPROVED', ...condition },
    availability: { value: 'ACTIVE', ...condition },
    liveness: { value: 'HEALTHY', ...condition },
    drainedSeq: 0,
    activeSessions: 0,
    ...changes,
  };
}
