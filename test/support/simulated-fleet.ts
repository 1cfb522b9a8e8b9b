import { randomUUID } from 'node:crypto';
import { decide, firstDecision, type Decision } from '../../contract/decision.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import type { Phase } from '../../contract/phase.js';
import type { NodeInfo, Resources } from '../../contract/schemas/agents.js';
import { NO_RESOURCES } from '../../contract/sessions.js';
import type { EpochMs, Liveness } from '../../contract/states.js';
import { listKeys } from '../../src/mongo/list-keys.js';
import type { HeartbeatDocument } from '../../src/mongo/schemas/heartbeat.schema.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { ROLLCALL_VERSION } from '../../src/process/program.js';
import { usedShares } from '../../src/mongo/used-shares.js';
import { SeededRandom } from './seeded-random.js';

export interface SimulatedFleet {
  nodes: NodeDocument[];
  heartbeats: HeartbeatDocument[];
}

const GIB = 1_024 ** 3;
const DAY_MS = 86_400_000;

/**
 * A fleet in the record after some time, as documents: most nodes healthy and at work, some new, silent, draining or
 * rejected. It has neither heartbeats nor workflows, and is for what reads the record.
 * @param options.heardAt when the live nodes were last heard, give or take the ten seconds before
 */
export function simulatedFleet(
  size: number,
  { heardAt, prefix = 'sim', seed = 1 }: { heardAt: EpochMs; prefix?: string; seed?: number },
): SimulatedFleet {
  const chance = new SeededRandom(seed);
  const made = Array.from({ length: size }, (_, index) =>
    simulatedNode(`${prefix}-${String(index).padStart(5, '0')}`, index, heardAt, chance),
  );
  return { nodes: made.map(({ node }) => node), heartbeats: made.map(({ heartbeat }) => heartbeat) };
}

interface Fate {
  phase: Phase;
  liveness: Liveness;
}

function fateOf(roll: number): Fate {
  if (roll < 0.9) return { phase: 'ACTIVE', liveness: 'HEALTHY' };
  if (roll < 0.93) return { phase: 'ACTIVE', liveness: 'UNKNOWN' };
  if (roll < 0.95) return { phase: 'ACTIVE', liveness: 'UNHEALTHY' };
  if (roll < 0.965) return { phase: 'DRAINING', liveness: 'HEALTHY' };
  if (roll < 0.98) return { phase: 'PENDING', liveness: 'HEALTHY' };
  if (roll < 0.99) return { phase: 'REGISTERED', liveness: 'UNKNOWN' };
  return { phase: 'REJECTED', liveness: 'UNKNOWN' };
}

function simulatedNode(
  name: string,
  index: number,
  heardAt: EpochMs,
  chance: SeededRandom,
): { node: NodeDocument; heartbeat: HeartbeatDocument } {
  const uid = randomUUID();
  const { phase, liveness } = fateOf(chance.next());
  const createdAt = heardAt - DAY_MS - chance.between(0, 30 * DAY_MS);
  const lastSeen =
    phase === 'REGISTERED'
      ? 0
      : heardAt - (liveness === 'HEALTHY' ? chance.between(0, 10_000) : chance.between(120_000, DAY_MS));
  const decision = decisionFor(phase, createdAt);
  const resources = resourcesOf(chance);
  const described = {
    name,
    labels: [
      { key: 'pool', value: `pool-${index % 10}` },
      { key: 'rack', value: `r${index % 200}` },
      ...(index % 500 === 0 ? [{ key: 'gpu', value: 'a100' }] : []),
    ],
    description: index % 1_000 === 7 ? 'Lent to the Physics group' : '',
    info: phase === 'REGISTERED' ? null : infoOf(name, chance),
  };
  return {
    node: {
      _id: uid,
      ...described,
      listed: listKeys(described),
      living: true,
      type: 'Compute',
      decision,
      phase,
      liveness,
      applied:
        phase === 'REGISTERED'
          ? null
          : {
              seq: decision.seq,
              revision: 3,
              view: viewOf(uid, name, decision, { phase, liveness }, lastSeen, chance),
            },
      copied: null,
      credential: phase === 'REGISTERED' ? null : { publicKeyX: `key-of-${name}`, generation: 1 },
      createdAt,
      joinedAt: phase === 'REGISTERED' ? null : createdAt,
      removedAt: null,
    },
    heartbeat: {
      _id: uid,
      lastSeen,
      bootId: lastSeen === 0 ? null : randomUUID(),
      seq: lastSeen === 0 ? 0 : 100,
      resources: lastSeen === 0 ? null : resources,
      ...(lastSeen > 0 && { used: usedShares(resources) }),
      earlierBoots: [],
    },
  };
}

function infoOf(hostname: string, chance: SeededRandom): NodeInfo {
  return {
    agentVersion: chance.next() < 0.97 ? ROLLCALL_VERSION : '0.0.9',
    hostname,
    os: { platform: 'linux', distribution: 'Debian', release: '12', kernel: '6.1', architecture: 'x64' },
    cpu: { model: 'EPYC', vendor: 'AMD', physicalCores: 8, logicalCores: 16, usableCores: 16 },
    memory: { totalBytes: 64 * GIB, usableBytes: 64 * GIB },
    disks: [],
    gpus: [],
  };
}

function decisionFor(phase: Phase, at: EpochMs): Decision {
  const approval = ['PENDING', 'REGISTERED', 'REJECTED'].includes(phase) ? 'PENDING' : 'APPROVED';
  const first = firstDecision({ at, by: 'system', reason: '', registered: phase !== 'REGISTERED', approval });
  if (phase === 'REJECTED') return decide(first, 'reject', { at: at + 1, by: 'alice', reason: 'not ours' });
  if (phase === 'DRAINING') return decide(first, 'deactivate', { at: at + 1, by: 'alice', reason: 'new disks' });
  return first;
}

function viewOf(
  uid: string,
  nodeId: string,
  decision: Decision,
  { phase, liveness }: Fate,
  lastHeartbeat: EpochMs,
  chance: SeededRandom,
): LifecycleView {
  const { availability, approval } = decision;
  return {
    nodeId,
    uid,
    seq: decision.seq,
    revision: 3,
    phase,
    approval: { value: approval.value, since: approval.since, reason: approval.reason, by: approval.by },
    availability: {
      value: phase === 'DRAINING' ? 'DRAINING' : 'ACTIVE',
      since: availability.since,
      reason: availability.reason,
      by: availability.by,
    },
    liveness: {
      value: liveness,
      since: lastHeartbeat,
      reason: liveness === 'HEALTHY' ? '' : 'no heartbeat',
      by: 'system',
    },
    drainedSeq: 0,
    activeSessions: phase === 'DRAINING' ? 1 : Math.floor(chance.next() * chance.next() * 6),
    reserved: NO_RESOURCES,
    lastHeartbeat,
  };
}

function resourcesOf(chance: SeededRandom): Resources {
  const [memory, disk] = [chance.pick([32, 64, 128]) * GIB, chance.pick([500, 1_000]) * GIB];
  const usage = (totalBytes: number) => {
    const usedBytes = Math.floor(totalBytes * chance.next());
    return { totalBytes, usedBytes, availableBytes: totalBytes - usedBytes };
  };
  return {
    cpu: { cores: chance.pick([8, 16, 32]), utilization: Math.round(chance.next() * 1_000) / 1_000 },
    memory: usage(memory),
    disk: usage(disk),
    gpus: [],
    connections: chance.between(3, 400),
  };
}
