import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { AUTO_APPROVED, firstDecision } from '../../contract/decision.js';
import { ASSERTION_AUDIENCE, ASSERTION_MAX_AGE_S, type NodeInfo } from '../../contract/schemas/agents.js';
import { listKeys } from '../../src/mongo/list-keys.js';
import type { HeartbeatDocument } from '../../src/mongo/schemas/heartbeat.schema.js';
import type { NodeDocument } from '../../src/mongo/schemas/node.schema.js';
import { becomes } from './becomes.js';
import type { BenchCluster } from './bench-cluster.js';
import type { Target } from './load-orders.js';

const GIB = 2 ** 30;
const BATCH = 1_000;
const TRADES_AT_ONCE = 16;
/** Slow enough for a busy machine; the reconciler starts at most some hundreds of workflows a second. */
const WORKFLOWS_PER_SECOND = 10;
const SETTLE_MS = 120_000;

export interface SeedOptions {
  /** Prefix of the names, which are numbered from 1. */
  prefix: string;
  count: number;
  /** Whether the reconciler starts their workflows: see {@link SeededFleet.begun}. Otherwise the record says that every node is HEALTHY. */
  workflows: boolean;
  approval?: 'APPROVED' | 'PENDING';
}

interface SeededNode {
  uid: string;
  name: string;
  bootId: string;
  privateKey: KeyObject;
}

/**
 * Nodes written straight into the record, as joining would have left them, each with a key of its own: joining takes a transaction per node,
 * which is measured by another bench. Everything else is real: their access tokens come from the api, their workflows from the reconciler.
 */
export class SeededFleet {
  private constructor(
    private readonly cluster: BenchCluster,
    readonly nodes: readonly SeededNode[],
  ) {}

  static async write(cluster: BenchCluster, options: SeedOptions): Promise<SeededFleet> {
    const { prefix, count, workflows } = options;
    const nodes = Array.from({ length: count }, (_, index): SeededNode & { publicKeyX: string } => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      return {
        uid: randomUUID(),
        name: `${prefix}${index + 1}`,
        bootId: randomUUID(),
        privateKey,
        publicKeyX: publicKey.export({ format: 'jwk' }).x ?? '',
      };
    });
    const at = Date.now();
    for (let begin = 0; begin < count; begin += BATCH) {
      const batch = nodes.slice(begin, begin + BATCH);
      await cluster.db
        .collection<NodeDocument>('nodes')
        .insertMany(batch.map((node, index) => documentOf(node, begin + index, at, options)));
      await cluster.db.collection<HeartbeatDocument>('heartbeats').insertMany(
        batch.map(({ uid, bootId }) => ({
          _id: uid,
          lastSeen: workflows ? 0 : at,
          bootId: workflows ? null : bootId,
          seq: 0,
          resources: null,
          earlierBoots: [],
        })),
      );
    }
    return new SeededFleet(cluster, nodes);
  }

  /** Each with an access token, which is valid for 15 minutes. */
  async targets(): Promise<Target[]> {
    const targets: Target[] = [];
    const waiting = [...this.nodes.entries()].reverse();
    const trader = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [index, node] = next;
        targets[index] = { bootId: node.bootId, accessToken: await this.trade(node) };
      }
    };
    await Promise.all(Array.from({ length: TRADES_AT_ONCE }, trader));
    return targets;
  }

  /** Resolves when their workflows have started. If they beat meanwhile, each settles its start and first heartbeat together. */
  async begun(): Promise<void> {
    const withinMs = SETTLE_MS + (this.nodes.length / WORKFLOWS_PER_SECOND) * 1_000;
    const last = this.nodes.map(({ uid }) => uid);
    const unapplied = () =>
      this.cluster.db
        .collection<NodeDocument>('nodes')
        .countDocuments({ unappliedSince: { $exists: true }, _id: { $in: last } });
    await becomes(
      `the workflows of ${this.nodes.length} nodes have begun`,
      withinMs,
      async () => (await unapplied()) === 0,
      500,
    );
  }

  private async trade({ uid, privateKey }: SeededNode): Promise<string> {
    const iat = Math.floor(Date.now() / 1_000);
    const parts = [
      { alg: 'EdDSA' },
      { sub: uid, aud: ASSERTION_AUDIENCE, iat, exp: iat + ASSERTION_MAX_AGE_S, jti: randomUUID() },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const assertion = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    const { accessToken } = await this.cluster.ask<{ accessToken: string }>('POST', '/v1/agent/token', { assertion });
    return accessToken;
  }
}

/** As MongoNodeStore writes it when an agent joins; without workflows, as their projections would have left it. */
function documentOf(
  node: SeededNode & { publicKeyX: string },
  index: number,
  at: number,
  { workflows, approval = 'APPROVED' }: SeedOptions,
): NodeDocument {
  const decision = firstDecision({
    at,
    registered: true,
    approval,
    ...(approval === 'APPROVED' ? AUTO_APPROVED : { by: `agent:${node.name}`, reason: 'joined, and awaits approval' }),
  });
  const condition = { since: at, reason: '', by: 'bench' };
  const view: NonNullable<NodeDocument['applied']>['view'] = {
    nodeId: node.name,
    uid: node.uid,
    seq: 1,
    revision: 1,
    phase: 'ACTIVE',
    approval: { value: approval, ...condition },
    availability: { value: 'ACTIVE', ...condition },
    liveness: { value: 'HEALTHY', ...condition },
    drainedSeq: 0,
    lastHeartbeat: at,
    bootId: node.bootId,
    activeSessions: 0,
  };
  const described = {
    name: node.name,
    labels: [
      { key: 'zone', value: 'abcde'[index % 5] ?? 'a' },
      { key: 'rack', value: `r${index % 200}` },
    ],
    description: '',
    info: INFO,
  };
  return {
    _id: node.uid,
    ...described,
    listed: listKeys(described),
    living: true,
    type: 'Compute',
    decision,
    phase: workflows ? (approval === 'APPROVED' ? 'WAITING' : 'PENDING') : 'ACTIVE',
    liveness: workflows ? 'UNKNOWN' : 'HEALTHY',
    applied: workflows ? null : { seq: 1, revision: 1, view },
    ...(workflows ? { unappliedSince: at } : {}),
    copied: null,
    credential: { publicKeyX: node.publicKeyX, generation: 1 },
    createdAt: at,
    joinedAt: at,
    removedAt: null,
  };
}

const INFO: NodeInfo = {
  agentVersion: '0.1.0',
  hostname: 'bench',
  os: { platform: 'linux', distribution: 'made up', release: '1', kernel: 'made up', architecture: 'x64' },
  cpu: { model: 'made up', vendor: 'made up', physicalCores: 8, logicalCores: 8, usableCores: 8 },
  memory: { totalBytes: 32 * GIB, usableBytes: 32 * GIB },
  disks: [{ device: '/dev/none', mount: '/', filesystem: 'ext4', totalBytes: 500 * GIB }],
  gpus: [],
};
