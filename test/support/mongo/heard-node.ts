import { beforeEach } from '@jest/globals';
import type { EvidenceRequest, HeartbeatEvidence } from '../../../activities/ports.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { HeartbeatStore, type Heartbeat, type LastHeartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import { MongoHeartbeatEvidence } from '../../../src/mongo/mongo-heartbeat-evidence.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { NOON } from '../manual-clock.js';
import { newNode, RESOURCES } from './node-fixtures.js';
import { useStores } from './open-stores.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const BOOT = '11111111-1111-4111-8111-111111111111';
export const NEXT_BOOT = '22222222-2222-4222-8222-222222222222';

interface Line {
  msg: string;
  reason?: string;
  blindMs?: number;
}

/** One node in a record that is emptied before each test, and its heartbeats. */
export class HeardNode {
  readonly stores = useStores();
  node!: NodeRecord;

  constructor() {
    beforeEach(async () => {
      await this.stores.clear();
      this.node = await this.stores.get(NodeStore).create(newNode('node-1'), []);
    });
  }

  beat(changes: Partial<Heartbeat> = {}): Heartbeat {
    return { uid: this.node.uid, lastSeen: NOON, bootId: BOOT, seq: 1, resources: RESOURCES, ...changes };
  }

  async stored(): Promise<LastHeartbeat | undefined> {
    return (await this.stores.get(HeartbeatStore).read([this.node.uid])).get(this.node.uid);
  }

  evidence(request: Partial<EvidenceRequest> = {}): Promise<HeartbeatEvidence> {
    return this.stores
      .get(MongoHeartbeatEvidence)
      .evidenceFor({ uid: this.node.uid, disconnectTimeoutMs: MINUTE, ...request });
  }

  /** A replica's buffer, and its log. */
  openBuffer(
    replica: string,
    heartbeats: HeartbeatStore = this.stores.get(HeartbeatStore),
  ): { buffer: HeartbeatBuffer; lines: Line[] } {
    const lines: Line[] = [];
    const write = (line: Line) => void lines.push(line);
    const { stores } = this;
    const log = { warn: write, log: write };
    const metrics = new MetricRegistry();
    return {
      buffer: new HeartbeatBuffer(heartbeats, stores.get(PulseStore), stores.clock, log, replica, metrics),
      lines,
    };
  }
}
