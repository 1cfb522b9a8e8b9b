import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { availabilityOf, type AvailabilityRuling } from '../../contract/decision.js';
import { quietSince, type Quiet } from '../../contract/health.js';
import { NO_RESOURCES, runsPlacedSessions, type SessionResources } from '../../contract/sessions.js';
import type { Approval, Liveness } from '../../contract/states.js';
import { type Candidate, CandidateStore } from '../sessions/placement/candidate.js';
import { fromPairs } from './node-mapping.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

/** Fields read of each node: few, since the whole fleet is read every second. */
interface Row {
  _id: string;
  name: string;
  labels: { key: string; value: string }[];
  decision: { approval: { value: Approval }; availability: AvailabilityRuling };
  liveness: Liveness;
  copied?: unknown;
  credential?: { revokedAt?: number } | null;
  applied: { view: { drainedSeq: number; activeSessions: number; reserved?: SessionResources } } | null;
  info: {
    cpu: { usableCores: number };
    memory: { usableBytes: number };
    gpus: unknown[];
    sessionEngine?: string;
  } | null;
}

const FIELDS = {
  name: 1,
  labels: 1,
  'decision.approval.value': 1,
  'decision.availability.value': 1,
  'decision.availability.seq': 1,
  'decision.availability.noNewSessions': 1,
  liveness: 1,
  copied: 1,
  'credential.revokedAt': 1,
  'applied.view.drainedSeq': 1,
  'applied.view.activeSessions': 1,
  'applied.view.reserved': 1,
  'info.cpu.usableCores': 1,
  'info.memory.usableBytes': 1,
  'info.gpus.index': 1,
  'info.sessionEngine': 1,
} as const;

/** Uses the driver directly: mongoose would process each field of thousands of documents. */
@Injectable()
export class MongoCandidateStore extends CandidateStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
  ) {
    super();
  }

  async read(quiet: Quiet): Promise<Candidate[]> {
    const [rows, beats] = await Promise.all([
      this.nodes.collection
        .find({ living: true, type: 'Compute' }, { projection: FIELDS, batchSize: BATCH })
        .toArray() as unknown as Promise<Row[]>,
      this.heartbeats.collection
        .find(
          {},
          {
            projection: { lastSeen: 1, intervalMs: 1, saidGoodbyeAt: 1, 'resources.disk.availableBytes': 1 },
            batchSize: BATCH,
          },
        )
        .toArray(),
    ]);
    const heard = new Map(
      beats.map(({ _id, lastSeen, intervalMs, saidGoodbyeAt, resources }) => [
        String(_id),
        {
          isQuiet: saidGoodbyeAt !== undefined || lastSeen <= quietSince(quiet, intervalMs),
          diskBytes: resources?.disk?.availableBytes ?? 0,
        },
      ]),
    );
    return rows.map((row) => toCandidate(row, heard.get(row._id)));
  }
}

/** Documents per batch: few enough that decoding one does not block the event loop for long. */
const BATCH = 1_000;

function toCandidate(
  { _id, name, labels, decision, liveness, copied, credential, applied, info }: Row,
  beat: { isQuiet: boolean; diskBytes: number } | undefined,
): Candidate {
  const view = applied?.view;
  return {
    uid: _id,
    name,
    labels: fromPairs(labels),
    approval: decision.approval.value,
    availability: availabilityOf(decision.availability, view?.drainedSeq ?? 0),
    liveness,
    warning: beat?.isQuiet ?? true,
    quarantined: decision.availability.noNewSessions === true,
    copied: copied != null,
    revoked: credential?.revokedAt !== undefined,
    capacity: {
      cpu: info?.cpu.usableCores ?? 0,
      memory: info?.memory.usableBytes ?? 0,
      disk: beat?.diskBytes ?? 0,
      gpu: info?.gpus.length ?? 0,
    },
    reserved: view?.reserved ?? NO_RESOURCES,
    activeSessions: view?.activeSessions ?? 0,
    runsSessions: info?.sessionEngine === undefined || runsPlacedSessions(info.sessionEngine),
  };
}
