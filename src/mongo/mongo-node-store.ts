import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import type { NodeCondition } from '../../contract/fitness.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { EventStore, type NodeEvent } from '../record/event-store.js';
import {
  NodeNameTaken,
  NodeStore,
  type DecisionChange,
  type Joining,
  type NewNode,
  type NodeCreation,
  type NodeListPage,
  type NodeQuery,
  type NodeRecord,
} from '../record/node-store.js';
import type { AgentWish, CopiedIdentity, NodeCredential, NodeOverview } from '../record/node-record.js';
import { phaseInForce } from '../record/phase-in-force.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { SessionStore } from '../sessions/session-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { listKeys } from './list-keys.js';
import { identified, joiningFields, labelsReplaced, labelsTold, newDocument } from './node-fields.js';
import { fromPairs, toNodeRecord } from './node-mapping.js';
import { NodePager } from './node-pager.js';
import { removalFields } from './node-removal.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

@Injectable()
export class MongoNodeStore extends NodeStore {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    private readonly events: EventStore,
    private readonly sessions: SessionStore,
    private readonly pager: NodePager,
    private readonly unit: UnitOfWork,
  ) {
    super();
  }

  async create(node: NewNode, events: readonly NodeEvent[]): Promise<NodeRecord> {
    const [record] = await this.createAll([{ node, events }]);
    if (!record) throw new Error('the node was not made');
    return record;
  }

  async createAll(creations: readonly NodeCreation[]): Promise<NodeRecord[]> {
    const documents = creations.map(({ node }) => newDocument(node));
    try {
      await this.unit.run(async () => {
        await this.nodes.insertMany(documents);
        await this.heartbeats.insertMany(documents.map(({ _id }) => ({ _id })));
        await this.events.append(creations.flatMap(({ events }) => events));
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new NodeNameTaken(documents.map(({ name }) => name).join(', '));
      throw error;
    }
    return documents.map(toNodeRecord);
  }

  async findLiving(name: string): Promise<NodeRecord | null> {
    return this.found(await this.nodes.findOne({ name: { $eq: name }, living: true }).lean<NodeDocument>());
  }

  async findLatest(name: string): Promise<NodeRecord | null> {
    return this.found(
      await this.nodes
        .findOne({ name: { $eq: name } })
        .sort({ createdAt: -1 })
        .lean<NodeDocument>(),
    );
  }

  async findByUid(uid: string): Promise<NodeRecord | null> {
    return this.found(await this.nodes.findOne({ _id: { $eq: uid } }).lean<NodeDocument>());
  }

  async overviewsOf(uids: readonly string[]): Promise<NodeOverview[]> {
    const documents = await this.nodes
      .find({ _id: { $in: [...uids] } })
      .select('name living phase liveness decision info.agentVersion info.updates')
      .lean<(Pick<NodeDocument, '_id' | 'living' | 'info'> & Omit<NodeOverview, 'uid' | 'living' | 'agent'>)[]>();
    return documents.map(({ _id, living, info, ...same }) => ({
      ...same,
      uid: _id,
      living: living === true,
      agent: info && { version: info.agentVersion, updates: info.updates },
    }));
  }

  async labelsOf(uids: readonly string[]): Promise<Pick<NodeRecord, 'name' | 'labels'>[]> {
    const documents = await this.nodes
      .find({ _id: { $in: [...uids] } })
      .select('name labels')
      .lean<Pick<NodeDocument, 'name' | 'labels'>[]>();
    return documents.map(({ name, labels }) => ({ name, labels: fromPairs(labels) }));
  }

  async findByPublicKey(publicKeyX: string): Promise<NodeRecord | null> {
    const filter = {
      'credential.publicKeyX': { $eq: publicKeyX },
      'credential.revokedAt': { $exists: false },
      living: true as const,
    };
    return this.found(await this.nodes.findOne(filter).lean<NodeDocument>());
  }

  async agentVersions(): Promise<string[]> {
    // The first condition lets MongoDB answer from the index, one key per version.
    return this.nodes.distinct('info.agentVersion', { 'info.agentVersion': { $gte: '' }, living: { $eq: true } });
  }

  list(query: NodeQuery): Promise<NodeListPage<NodeRecord>> {
    return this.pager.page(query);
  }

  async commitDecision(change: DecisionChange): Promise<NodeRecord | 'conflict'> {
    const { uid, expectedSeq, decision, event, joining, labels } = change;
    return this.unit.run(async () => {
      const [previous] = decision.lineage ?? [];
      // The number alone is not enough: where the record was restored meanwhile, another decision may have it.
      const unchanged = {
        _id: { $eq: uid },
        living: true as const,
        'decision.seq': { $eq: expectedSeq },
        ...(previous !== undefined && decision.seq === expectedSeq + 1 && { 'decision.id': { $eq: previous } }),
      };
      const before = await this.nodes.findOne(unchanged).lean<NodeDocument>();
      if (!before) return 'conflict';
      const removed = decision.removal?.when === 'now';
      const heartbeat = await this.heartbeats.findOne({ _id: { $eq: uid } }, { lastSeen: 1 }).lean<HeartbeatDocument>();
      const changed = {
        ...(joining ? joiningFields(before, joining, event.at) : {}),
        ...(labels ? labelsTold(before, labels) : {}),
      };
      const after: UpdateQuery<NodeDocument> = {
        $set: {
          decision: identified(decision),
          phase: phaseInForce(decision, {
            removed,
            drainedSeq: before.applied?.view.drainedSeq ?? 0,
            lastHeartbeat: heartbeat?.lastSeen,
          }),
          unappliedSince: event.at,
          ...changed,
          listed: listKeys({ ...before, ...changed }),
          ...(removed ? removalFields(before, event.at) : {}),
        },
        ...(removed ? { $unset: { living: 1 } } : {}),
      };
      const document = await this.nodes
        .findOneAndUpdate(unchanged, after, { returnDocument: 'after' })
        .lean<NodeDocument>();
      if (!document) return 'conflict';
      if (joining) await this.forgetBoots(uid);
      if (removed) {
        await this.heartbeats.deleteOne({ _id: { $eq: uid } });
        await this.sessions.loseAll(uid, 'its node was removed', event.at);
      }
      await this.events.append([event]);
      return toNodeRecord(document);
    });
  }

  async revokeCredential(uid: string, at: EpochMs, event: NodeEvent): Promise<NodeRecord | null> {
    return this.change(uid, event, (before) =>
      before.credential ? { credential: { ...before.credential, revokedAt: at } } : {},
    );
  }

  async replaceCredential(uid: string, at: EpochMs, joining: Joining, event: NodeEvent): Promise<NodeRecord | null> {
    return this.unit.run(async () => {
      await this.forgetBoots(uid);
      return this.change(uid, event, (before) => joiningFields(before, joining, at));
    });
  }

  async rotateKey(
    uid: string,
    { publicKeyX: former, generation }: NodeCredential,
    publicKeyX: string,
    event: NodeEvent,
  ): Promise<boolean> {
    return this.unit.run(async () => {
      const unchanged = {
        _id: { $eq: uid },
        living: true as const,
        copied: { $eq: null },
        'credential.publicKeyX': { $eq: former },
        'credential.generation': { $eq: generation },
        'credential.revokedAt': { $exists: false },
      };
      const credential = { publicKeyX, generation: generation + 1, since: event.at };
      const { modifiedCount } = await this.nodes.updateOne(unchanged, { $set: { credential } });
      if (modifiedCount === 1) await this.events.append([event]);
      return modifiedCount === 1;
    });
  }

  async flagCopied(uid: string, generation: number, copied: CopiedIdentity, event: NodeEvent): Promise<boolean> {
    return this.unit.run(async () => {
      const unmarked = {
        _id: { $eq: uid },
        living: true as const,
        copied: { $eq: null },
        'credential.generation': { $eq: generation },
      };
      const { modifiedCount } = await this.nodes.updateOne(unmarked, { $set: { copied } });
      if (modifiedCount === 1) await this.events.append([event]);
      return modifiedCount === 1;
    });
  }

  async edit(
    uid: string,
    change: { labels?: Record<string, string> | undefined; description?: string | undefined },
    event: NodeEvent,
  ): Promise<NodeRecord | null> {
    return this.change(uid, event, (before) => ({
      ...(change.labels === undefined ? {} : labelsReplaced(before, change.labels)),
      ...(change.description === undefined ? {} : { description: change.description }),
    }));
  }

  async saveInfo(uid: string, info: NodeInfo, relabelled?: NodeEvent): Promise<boolean> {
    const { labels } = info;
    if (relabelled !== undefined && labels !== undefined)
      return (await this.change(uid, relabelled, (before) => ({ info, ...labelsTold(before, labels) }))) !== null;
    const living = { _id: { $eq: uid }, living: true as const };
    const { hostname, agentVersion } = info;
    const sameKeys = { ...living, 'info.hostname': { $eq: hostname }, 'info.agentVersion': { $eq: agentVersion } };
    const result = await this.nodes.updateOne(sameKeys, { $set: { info } });
    return result.matchedCount === 1 || (await this.setAll(living, () => ({ info }))) !== null;
  }

  async saveConditions(
    uid: string,
    told: { bootId: string; seq: number },
    conditions: readonly NodeCondition[],
    events: readonly NodeEvent[],
  ): Promise<boolean> {
    return this.unit.run(async () => {
      const { bootId, seq } = told;
      const earlier = {
        _id: { $eq: uid },
        living: true as const,
        $or: [{ 'conditionsTold.bootId': { $ne: bootId } }, { 'conditionsTold.seq': { $lt: seq } }],
      };
      const change = { $set: { conditions: [...conditions], conditionsTold: told } };
      const { matchedCount } = await this.nodes.updateOne(earlier, change);
      if (matchedCount === 1 && events.length > 0) await this.events.append(events);
      return matchedCount === 1;
    });
  }

  async wantAgent(uid: string, wish: AgentWish): Promise<void> {
    await this.nodes.updateOne({ _id: { $eq: uid }, living: true }, { $set: { agentWish: wish } });
  }

  async wantNoAgent(uid: string, rolloutId: string): Promise<boolean> {
    const filter = { _id: { $eq: uid }, 'agentWish.id': { $eq: rolloutId } };
    const result = await this.nodes.updateOne(filter, { $unset: { agentWish: 1 } });
    return result.modifiedCount === 1;
  }

  /** Forgets earlier boots of a node that joins again: only the agent with the new token can beat. */
  private async forgetBoots(uid: string): Promise<void> {
    await this.heartbeats.updateOne({ _id: { $eq: uid } }, { $set: { earlierBoots: [] } });
  }

  /** Changes a living node, other than by a decision, together with its event. */
  private async change(
    uid: string,
    event: NodeEvent,
    fields: (before: NodeDocument) => Partial<NodeDocument>,
  ): Promise<NodeRecord | null> {
    return this.unit.run(async () => {
      const living = { _id: { $eq: uid }, living: true as const };
      const document = await this.setAll(living, fields);
      if (document) await this.events.append([event]);
      return this.found(document);
    });
  }

  /** Sets these fields of the node, and the list keys that are derived from them. */
  private setAll(
    living: QueryFilter<NodeDocument>,
    fields: (before: NodeDocument) => Partial<NodeDocument>,
  ): Promise<NodeDocument | null> {
    return this.unit.run(async () => {
      const before = await this.nodes.findOne(living).lean<NodeDocument>();
      if (!before) return null;
      const changed = fields(before);
      return this.nodes
        .findOneAndUpdate(
          living,
          { $set: { ...changed, listed: listKeys({ ...before, ...changed }) } },
          { returnDocument: 'after' },
        )
        .lean<NodeDocument>();
    });
  }

  private found(document: NodeDocument | null): NodeRecord | null {
    return document && toNodeRecord(document);
  }
}
