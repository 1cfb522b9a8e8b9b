import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { Silence } from '../../contract/mass-silence.js';
import type { Phase } from '../../contract/phase.js';
import type { EpochMs } from '../../contract/states.js';
import { EventStore, type RecordedEvent } from '../record/event-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import {
  MassSilenceStore,
  type LastHeard,
  type MassSilenceEnd,
  type MassSilenceRecord,
} from '../silence/mass-silence-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { MASS_SILENCES, type MassSilenceDocument } from './schemas/mass-silence.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

const LATEST = 100;
/** Phases in which a node is not expected to beat: its silence says nothing. */
const MAY_BE_SILENT: Phase[] = ['REGISTERED', 'REJECTED', 'DRAINED', 'REMOVED'];
/** Nodes per query. */
const AT_ONCE = 5_000;

type Beat = Pick<HeartbeatDocument, '_id' | 'lastSeen'>;

@Injectable()
export class MongoMassSilenceStore extends MassSilenceStore {
  constructor(
    @InjectModel(MASS_SILENCES) private readonly silences: Model<MassSilenceDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
  ) {
    super();
  }

  async list(): Promise<MassSilenceRecord[]> {
    const found = await this.silences.find().sort({ since: -1, _id: 1 }).limit(LATEST).lean<MassSilenceDocument[]>();
    // The ongoing one counts as the latest, whenever its first node was last heard.
    return found.toSorted((a, b) => Number(b.lasts === true) - Number(a.lasts === true)).map(toRecord);
  }

  async begin({ id, ...fields }: MassSilenceRecord, event: RecordedEvent): Promise<boolean> {
    try {
      await this.unit.run(async () => {
        await this.silences.create({ ...fields, _id: id, lasts: true });
        await this.events.append([event]);
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async note(id: string, { silent, beating }: Silence): Promise<void> {
    await this.silences.updateOne(
      { _id: { $eq: id }, lasts: true },
      { $set: { silent, beating }, $max: { mostSilent: silent } },
    );
  }

  end(id: string, { at, by, judgedUntil }: MassSilenceEnd, event: RecordedEvent): Promise<MassSilenceRecord | null> {
    return this.unit.run(async () => {
      const update = {
        $set: { endedAt: at, endedBy: by, judgedUntil, endedOn: new Date(at) },
        $unset: { lasts: 1 as const },
      };
      const ended = await this.silences
        .findOneAndUpdate({ _id: { $eq: id }, lasts: true }, update, { returnDocument: 'after' })
        .lean<MassSilenceDocument>();
      if (ended === null) return null;
      await this.events.append([event]);
      return toRecord(ended);
    });
  }

  async lastHeard({ after, until, still }: LastHeard, atLeast: number): Promise<EpochMs[]> {
    const beats = await this.heartbeats
      .find({ lastSeen: { $gt: Math.max(0, after), $lte: until }, saidGoodbyeAt: { $exists: false } }, { lastSeen: 1 })
      .sort({ lastSeen: 1 })
      .lean<Beat[]>();
    if (beats.length < atLeast) return [];
    const expected = new Set<string>();
    for (let begin = 0; begin < beats.length; begin += AT_ONCE) {
      const uids = beats.slice(begin, begin + AT_ONCE).map(({ _id }) => _id);
      const nodes = await this.nodes
        .find(
          {
            _id: { $in: uids },
            living: true,
            type: 'Compute',
            phase: { $nin: MAY_BE_SILENT },
            ...(still && { liveness: { $in: [...still] } }),
          },
          { _id: 1 },
        )
        .lean<Pick<NodeDocument, '_id'>[]>();
      for (const { _id } of nodes) expected.add(_id);
    }
    return beats.filter(({ _id }) => expected.has(_id)).map(({ lastSeen }) => lastSeen);
  }

  /** Counts all nodes and subtracts those that are not expected to beat, which are usually few. */
  async countHeardAfter(at: EpochMs): Promise<number> {
    const heard = { lastSeen: { $gt: at }, saidGoodbyeAt: { $exists: false } };
    const others = await this.nodes
      .find({ living: true, $or: [{ type: 'Requester' }, { phase: { $in: MAY_BE_SILENT } }] }, { _id: 1 })
      .lean<Pick<NodeDocument, '_id'>[]>();
    const [all, unexpected] = await Promise.all([
      this.heartbeats.countDocuments(heard),
      this.heartbeats.countDocuments({ ...heard, _id: { $in: others.map(({ _id }) => _id) } }),
    ]);
    return all - unexpected;
  }
}

function toRecord({
  _id,
  since,
  noticedAt,
  silent,
  beating,
  mostSilent,
  endedAt,
  endedBy,
  judgedUntil,
}: MassSilenceDocument): MassSilenceRecord {
  return { id: _id, since, noticedAt, silent, beating, mostSilent, endedAt, endedBy, judgedUntil };
}
