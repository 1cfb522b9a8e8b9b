import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, QueryFilter } from 'mongoose';
import type { AlertKind } from '../../contract/alerts.js';
import { isoTime } from '../../contract/iso-time.js';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import type { AlertSubject } from '../alerts/alert-store.js';
import { AlertSubjects, type AlertSearch } from '../alerts/alert-subjects.js';
import { MassSilenceStore, type MassSilenceRecord } from '../silence/mass-silence-store.js';
import { STOPPED_HEARTBEATS } from './quiet-filter.js';
import { API_TOKENS, type ApiTokenDocument } from './schemas/api-token.schema.js';
import { HEARTBEATS, type HeartbeatDocument } from './schemas/heartbeat.schema.js';
import { NODES, type NodeDocument } from './schemas/node.schema.js';

type NodeAlert = Exclude<AlertKind, 'MassSilence' | 'BudgetExhausted' | 'TokenExpiring'>;

interface NodeSource {
  /** Nodes in this state since `by` or earlier. */
  filter: (by: EpochMs) => QueryFilter<NodeDocument>;
  since: (node: NodeDocument) => EpochMs;
  what: (node: NodeDocument) => string;
}

/** Conditions match the partial indexes. Nodes that an administrator took out of service raise no alert: their failures are expected. */
const NODE_SOURCES: Record<NodeAlert, NodeSource> = {
  NodeLost: {
    filter: (by) => ({
      phase: 'ACTIVE',
      liveness: { $in: ['UNHEALTHY', 'UNKNOWN'] },
      'applied.view.lastHeartbeat': { $lte: by },
    }),
    since: ({ applied, createdAt }) => applied?.view.lastHeartbeat ?? createdAt,
    what: ({ name, liveness }) => `node ${name} is ${liveness}: nothing was heard of it`,
  },
  NodeUnfit: {
    filter: (by) => ({
      'conditions.status': 'UNFIT',
      // A node that a check took out is still unfit, and its failure is not expected.
      $or: [{ phase: 'ACTIVE' }, { 'decision.availability.origin': 'check' }],
      conditions: { $elemMatch: { status: 'UNFIT', since: { $lte: by } } },
    }),
    since: (node) => Math.min(...unfit(node).map(({ since }) => since)),
    what: (node) =>
      `node ${node.name} is unfit: ${unfit(node)
        .map(({ type, message }) => `${type}: ${message}`)
        .join('; ')}`,
  },
  NodePending: {
    filter: (by) => ({ phase: 'PENDING', joinedAt: { $lte: by } }),
    since: ({ joinedAt, createdAt }) => joinedAt ?? createdAt,
    what: ({ name }) => `node ${name} has joined and waits for approval`,
  },
  NodeDrained: {
    // A deactivation with an end is expected: it ends by itself.
    filter: (by) => ({
      phase: 'DRAINED',
      'decision.availability.until': { $exists: false },
      'applied.view.availability.since': { $lte: by },
    }),
    since: ({ applied, createdAt }) => applied?.view.availability.since ?? createdAt,
    what: ({ name, decision }) => `node ${name} is drained, as ${decision.availability.by} decided`,
  },
  IdentityCopied: {
    filter: (by) => ({ 'copied.since': { $gt: 0, $lte: by } }),
    since: ({ copied, createdAt }) => copied?.since ?? createdAt,
    what: ({ name }) => `more than one machine uses the identity of node ${name}`,
  },
};

const FOREVER = Number.MAX_SAFE_INTEGER;
/** The fleet has one budget: a single alert covers all nodes held back by it. */
const BUDGET = 'quarantine-budget';
const HELD_BACK = { living: true, 'applied.view.heldBack.since': { $exists: true } } as const;

@Injectable()
export class MongoAlertSubjects extends AlertSubjects {
  constructor(
    @InjectModel(NODES) private readonly nodes: Model<NodeDocument>,
    @InjectModel(HEARTBEATS) private readonly heartbeats: Model<HeartbeatDocument>,
    @InjectModel(API_TOKENS) private readonly tokens: Model<ApiTokenDocument>,
    private readonly silences: MassSilenceStore,
  ) {
    super();
  }

  async find(kind: AlertKind, search: AlertSearch): Promise<AlertSubject[]> {
    if (kind === 'MassSilence') return this.massSilences(search);
    if (kind === 'BudgetExhausted') return this.exhaustedBudget(search);
    if (kind === 'TokenExpiring') return this.expiringTokens(search);
    const { filter, since, what } = NODE_SOURCES[kind];
    const silences = kind === 'NodeLost' ? await this.silences.list() : [];
    // The alert for the mass silence covers all of its nodes.
    if (silences.some(({ endedAt }) => endedAt === null)) return [];
    const { settledBy, atMost } = search;
    const without = [...search.without, ...(kind === 'NodeLost' ? await this.stopped(settledBy) : [])];
    const found = await this.nodes
      .find({
        living: true,
        type: 'Compute',
        ...filter(settledBy),
        ...(without.length > 0 && { _id: { $nin: without } }),
        ...(silences.some(wasReleased) && { $nor: silences.filter(wasReleased).map(heardLastWithin) }),
      })
      .limit(atMost)
      .lean<NodeDocument[]>();
    return found.map((node) => ({
      ...{ about: node._id, name: node.name, isNode: true, since: since(node), what: what(node) },
      labels: Object.fromEntries(node.labels.map(({ key, value }) => [key, value])),
    }));
  }

  async still(kind: AlertKind, abouts: readonly string[], now: EpochMs): Promise<Set<string>> {
    if (kind === 'MassSilence')
      return new Set((await this.silences.list()).filter(({ endedAt }) => endedAt === null).map(({ id }) => id));
    if (kind === 'BudgetExhausted') return new Set((await this.nodes.exists(HELD_BACK)) ? abouts : []);
    const ids = { _id: { $in: [...abouts] } };
    const found =
      kind === 'TokenExpiring'
        ? await this.tokens
            .find({ ...ids, revokedAt: { $eq: null }, expiresAt: { $gt: now } }, { _id: 1 })
            .lean<Pick<ApiTokenDocument, '_id'>[]>()
        : await this.nodes
            .find({ ...ids, living: true, ...NODE_SOURCES[kind].filter(FOREVER) }, { _id: 1 })
            .lean<Pick<NodeDocument, '_id'>[]>();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Nodes whose agents said goodbye before they fell silent: their silence is expected. */
  private async stopped(by: EpochMs): Promise<string[]> {
    const stopped = await this.heartbeats
      .find({ lastSeen: { $gt: 0, $lte: by }, ...STOPPED_HEARTBEATS }, { _id: 1 })
      .lean<Pick<HeartbeatDocument, '_id'>[]>();
    return stopped.map(({ _id }) => _id);
  }

  private async massSilences({ without }: AlertSearch): Promise<AlertSubject[]> {
    const lasting = (await this.silences.list()).filter(({ endedAt, id }) => endedAt === null && !without.includes(id));
    return lasting.map(({ id, noticedAt, silent, beating }) => ({
      ...{ about: id, name: 'the fleet', isNode: false, labels: {}, since: noticedAt },
      what: `${silent} nodes are silent at once, of ${silent + beating}: the cause is likelier in front of the api than in them`,
    }));
  }

  private async exhaustedBudget({ settledBy, without }: AlertSearch): Promise<AlertSubject[]> {
    if (without.includes(BUDGET)) return [];
    const first = await this.nodes
      .findOne({ living: true, 'applied.view.heldBack.since': { $lte: settledBy } }, { applied: 1 })
      .sort({ 'applied.view.heldBack.since': 1 })
      .lean<Pick<NodeDocument, 'applied'>>();
    if (first === null) return [];
    const held = await this.nodes.countDocuments(HELD_BACK);
    return [
      {
        ...{ about: BUDGET, name: 'the budget of quarantine', isNode: false, labels: {} },
        since: first.applied?.view.heldBack?.since ?? settledBy,
        what: `the budget of quarantine is used up: ${held} unfit ${held === 1 ? 'node stays' : 'nodes stay'} in service`,
      },
    ];
  }

  /** Tokens about to expire, except those whose whole lifetime is less than twice `expiryMs`: they are meant to expire soon. */
  private async expiringTokens({ now, expiryMs, without, atMost }: AlertSearch): Promise<AlertSubject[]> {
    const found = await this.tokens
      .find({
        revokedAt: { $eq: null },
        expiresAt: { $gt: now, $lte: now + expiryMs },
        $expr: { $gt: [{ $subtract: ['$expiresAt', '$createdAt'] }, 2 * expiryMs] },
        ...(without.length > 0 && { _id: { $nin: [...without] } }),
      })
      .limit(atMost)
      .lean<ApiTokenDocument[]>();
    return found.map(({ _id, name, expiresAt }) => ({
      ...{ about: _id, name, isNode: false, labels: {}, since: now },
      what: `the token ${name} (${_id}) expires at ${isoTime(expiresAt ?? now)}`,
    }));
  }
}

function unfit({ conditions = [] }: NodeDocument) {
  return conditions.filter(({ status }) => status === 'UNFIT');
}

/** Whether a person released it, and hence knows that its nodes are lost. */
function wasReleased({ endedAt, endedBy }: MassSilenceRecord): boolean {
  return endedAt !== null && endedBy !== SYSTEM;
}

function heardLastWithin({ since, endedAt }: MassSilenceRecord): QueryFilter<NodeDocument> {
  return { 'applied.view.lastHeartbeat': { $gte: since, $lte: endedAt ?? since } };
}
