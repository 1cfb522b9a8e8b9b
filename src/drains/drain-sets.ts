import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import { budgetOf } from '../../contract/budget.js';
import {
  isDrainSetOver,
  isUnderWay,
  MAX_DRAIN_SET_NODES,
  MAX_UNAVAILABLE,
  NO_OTHERS,
  type AgentUpdate,
  type DrainSetMember,
  type DrainSetWish,
} from '../../contract/drain-set.js';
import { parseDuration } from '../../contract/duration.js';
import { whyNotThen } from '../../contract/plan.js';
import type { createDrainRequestSchema, drainSetListQuerySchema } from '../../contract/schemas/drains.js';
import { hasLabel, labelFilter } from '../../contract/labels.js';
import type { Actor } from '../auth/caller.js';
import type { Reach } from '../auth/reach.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { EventStore } from '../record/event-store.js';
import { fleetEvent } from '../record/node-event.js';
import type { MaintenanceWindow } from '../record/maintenance-window.js';
import { NodeStore, type NodeRecord } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { WindowStore } from '../record/window-store.js';
import { DrainSetSignals } from './drain-set-signals.js';
import type { KindOfSet } from './drain-set-kinds.js';
import { nameOf, type DrainSetRecord } from './drain-set-record.js';
import { DrainSetStore } from './drain-set-store.js';
import type { Shown, ShownTemporal, WindowOfSet } from './drain-set-view.js';

/** Maximum number of attempts to rule: each failure means that another ruling came first. */
const MAX_ATTEMPTS = 10;
/** 32 letters and digits that are not easily confused. */
const ID_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 10;

/** Request for a set of either kind. */
type SetRequest = z.output<typeof createDrainRequestSchema>;

/** Who asks, and their reach. */
export interface AskingForSet {
  actor: Actor;
  reach: Reach;
}

/** Drain sets and agent updates: committed to the record first, then signalled to their workflow. */
@Injectable()
export class DrainSets {
  private readonly logger = new Logger(DrainSets.name);
  private readonly temporal: ShownTemporal;

  constructor(
    private readonly sets: DrainSetStore,
    private readonly nodes: NodeStore,
    private readonly windows: WindowStore,
    private readonly events: EventStore,
    private readonly signals: DrainSetSignals,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    const { Namespace, WebUI } = config.Orchestrator.Temporal;
    this.temporal = { namespace: Namespace ?? DEFAULT_NAMESPACE, webUI: WebUI };
  }

  /**
   * @param update the agents' update, for sets of that kind
   * @throws ProblemError NO_NODE_MATCHES, FORBIDDEN where a node is out of reach, or VALIDATION_FAILED where too many match or the times are invalid
   */
  async create<View>(
    kind: KindOfSet<View>,
    request: SetRequest,
    { actor, reach }: AskingForSet,
    update?: AgentUpdate,
  ): Promise<View> {
    const { labels = [], maxUnavailable, reason, deadline, onDeadline } = request;
    const notBefore = request.at === undefined ? undefined : Date.parse(request.at);
    const until = request.until === undefined ? undefined : Date.parse(request.until);
    const fault = whyNotThen({ at: notBefore, until }, this.clock.now());
    if (fault !== undefined) throw new ProblemError(fault);
    const nodes = request.nodes === undefined ? await this.matching(labels) : await this.named(request.nodes);
    // Each is checked again in its turn, and skipped where it is out of reach by then.
    reach.demand(...nodes);
    const window = request.window === undefined ? null : await this.windowFor(request.window, nodes);
    const at = this.clock.now();
    const members = nodes.map(({ uid, name }): DrainSetMember => ({
      uid,
      name,
      state: 'QUEUED',
      since: at,
      reason: '',
    }));
    const set: DrainSetRecord = {
      ...{ id: newId(), actor, at, reason, labels, onDeadline, members },
      ...(update && { update }),
      ...(reach.scopes !== undefined && { scopes: reach.scopes }),
      ...(notBefore !== undefined && { notBefore }),
      ...(until !== undefined && { until }),
      ...(window && { window: window.name }),
      maxUnavailable: Math.min(MAX_UNAVAILABLE, budgetOf(maxUnavailable, members.length)),
      patienceMs: deadline === undefined ? null : (parseDuration(deadline) ?? null),
      ruling: { seq: 1, value: 'resume', at, by: actor.by },
      ...{ state: 'RUNNING', revision: 0, rulingSeq: 0, others: NO_OTHERS, waiting: false, endedAt: null },
    };
    await this.unit.run(async () => {
      if (window && !(await this.windows.rely(window.name))) throw noWindow(window.name);
      await this.sets.create(set);
      if (update) await this.events.append([fleetEvent('AgentUpdateBegan', at, actor, summaryOf(set))]);
      await this.answers.keep(201, () => this.shown(kind, set, window));
    });
    this.logger.log({
      msg: update
        ? `the agents of a set of nodes are to be updated to ${update.version}`
        : 'a set of nodes is to be drained',
      drain: set.id,
      nodes: members.length,
      labels,
      by: actor.by,
      from: actor.from,
    });
    await this.tell(set);
    return this.shown(kind, set, window);
  }

  /** @throws BadCursor */
  async list<View>(
    { kind, view }: KindOfSet<View>,
    page: z.output<typeof drainSetListQuerySchema>,
  ): Promise<{ items: View[]; nextCursor: string | null }> {
    const { items, nextCursor } = await this.sets.list(kind, page);
    const windows = items.some(({ window }) => window !== undefined) ? await this.windows.all() : [];
    const now = this.clock.now();
    const shown = ({ window }: DrainSetRecord): Shown => ({
      temporal: this.temporal,
      window: windows.find(({ name }) => name === window) ?? null,
      now,
    });
    return { items: items.map((set) => view(set, shown(set), false)), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async get<View>(kind: KindOfSet<View>, id: string): Promise<View> {
    const set = await this.find(kind, id);
    return this.shown(kind, set, await this.windowOf(set));
  }

  /**
   * Pauses, resumes or cancels a set. Idempotent.
   * @throws ProblemError NOT_FOUND, DRAIN_ENDED, AGENT_UPDATE_ENDED, DECISION_CONFLICT, FORBIDDEN where an unfinished node is out of reach
   */
  async rule<View>(
    kind: KindOfSet<View>,
    id: string,
    wish: DrainSetWish,
    { actor, reach }: AskingForSet,
  ): Promise<View> {
    const { what } = kind;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const set = await this.find(kind, id);
      await this.demandMembers(set, reach);
      const window = await this.windowOf(set);
      if (isDrainSetOver(set.state)) throw ended(kind, `${what} ${id} is over (${set.state})`);
      if (set.ruling.value === wish) return this.shown(kind, set, window);
      if (set.ruling.value === 'cancel') throw ended(kind, `${what} ${id} was cancelled by ${set.ruling.by}`);
      const at = this.clock.now();
      const ruled = await this.unit.run(async () => {
        const after = await this.sets.rule(id, set.ruling.seq, { value: wish, at, by: actor.by });
        if (after === 'conflict') return after;
        await this.demandMembers(after, reach);
        if (kind.events) await this.events.append([fleetEvent(kind.events[wish], at, actor, summaryOf(after))]);
        await this.answers.keep(200, () => this.shown(kind, after, window));
        return after;
      });
      if (ruled === 'conflict') continue;
      this.logger.log({ msg: `it was ruled about a set: ${what}`, drain: id, wish, by: actor.by, from: actor.from });
      await this.tell(ruled);
      return this.shown(kind, ruled, window);
    }
    throw new ProblemError({
      code: 'DECISION_CONFLICT',
      detail: `others keep deciding about ${what} ${id}`,
      hint: 'Look at it, then try again',
    });
  }

  /** Checks the unfinished nodes of a set. */
  private async demandMembers({ members }: DrainSetRecord, reach: Reach): Promise<void> {
    if (reach.scopes === undefined) return;
    const left = members.filter((member) => member.state === 'QUEUED' || isUnderWay(member));
    reach.demand(...(await this.nodes.labelsOf(left.map(({ uid }) => uid))));
  }

  private async matching(labels: readonly string[]): Promise<NodeRecord[]> {
    const { items, nextCursor } = await this.nodes.list({
      type: ['Compute'],
      labels: labels.map(labelFilter),
      sort: 'id',
      limit: MAX_DRAIN_SET_NODES,
    });
    const wanted = labels.join(',');
    if (items.length === 0)
      throw new ProblemError({
        code: 'NO_NODE_MATCHES',
        detail: `no compute node has the labels ${wanted}`,
        field: 'labels',
        hint: 'See: rollcall node list -o wide',
      });
    if (nextCursor !== null) {
      const detail = `more than ${MAX_DRAIN_SET_NODES} nodes have the labels ${wanted}`;
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail,
        field: 'labels',
        hint: 'Name more labels, and take them in several sets',
      });
    }
    return items;
  }

  private async named(names: readonly string[]): Promise<NodeRecord[]> {
    const { items } = await this.nodes.list({ type: ['Compute'], names, sort: 'id', limit: MAX_DRAIN_SET_NODES });
    const found = new Set(items.map(({ name }) => name));
    const missing = names.find((name) => !found.has(name));
    if (missing !== undefined)
      throw new ProblemError({
        code: 'NO_NODE_MATCHES',
        detail: `there is no compute node ${missing}`,
        field: 'nodes',
        hint: 'See: rollcall node list',
      });
    return items;
  }

  private async find<View>({ kind, what, list }: KindOfSet<View>, id: string): Promise<DrainSetRecord> {
    const set = await this.sets.find(id);
    if (set === null || (set.update !== undefined) !== (kind === 'update'))
      throw new ProblemError({ code: 'NOT_FOUND', detail: `there is no ${what} ${id}`, hint: `See: ${list}` });
    return set;
  }

  /** Signals the workflow. Never fails the request: the set is committed, and the reconciler repeats a lost signal. */
  private async tell(set: DrainSetRecord): Promise<void> {
    await this.signals.tell(set).catch((error: Error) => {
      this.logger.warn({ msg: 'the workflow was not told; the reconciler will', drain: set.id, reason: error.message });
    });
  }

  private shown<View>({ view }: KindOfSet<View>, set: DrainSetRecord, window: WindowOfSet): View {
    return view(set, { temporal: this.temporal, window, now: this.clock.now() }, true);
  }

  private async windowOf({ window }: DrainSetRecord): Promise<WindowOfSet> {
    return window === undefined ? null : this.windows.find(window);
  }

  /** @throws ProblemError VALIDATION_FAILED where there is none, or it is not for one of the nodes */
  private async windowFor(name: string, nodes: readonly NodeRecord[]): Promise<MaintenanceWindow> {
    const window = await this.windows.find(name);
    if (window === null) throw noWindow(name);
    const lacks = (node: NodeRecord) => window.labels.find((label) => !hasLabel(node.labels, labelFilter(label)));
    const stranger = nodes.find((node) => lacks(node) !== undefined);
    if (stranger !== undefined)
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: `window ${name} is for nodes with ${window.labels.join(',')}, and ${stranger.name} has no ${lacks(stranger)}`,
        field: 'window',
        hint: 'Choose nodes that have its labels, or another window: rollcall maintenance window list',
      });
    return window;
  }
}

function ended<View>({ ended: code, another }: KindOfSet<View>, detail: string): ProblemError {
  return new ProblemError({ code, detail, hint: `Begin another: ${another}` });
}

function noWindow(name: string): ProblemError {
  return new ProblemError({
    code: 'VALIDATION_FAILED',
    detail: `there is no maintenance window ${name}`,
    field: 'window',
    hint: 'See: rollcall maintenance window list',
  });
}

/** Summary of a set for the audit. */
function summaryOf(set: DrainSetRecord): string {
  const { labels, members, update, reason } = set;
  const what = `${nameOf(set)} to ${update?.version} of ${members.length} nodes, ${labels.join(',')}`;
  return reason === '' ? what : `${what}: ${reason}`;
}

function newId(): string {
  return Array.from(randomBytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('');
}
