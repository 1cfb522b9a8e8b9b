import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import {
  isDrainSetOver,
  MAX_DRAIN_SET_NODES,
  NO_OTHERS,
  type DrainSetMember,
  type DrainSetWish,
} from '../../contract/drain-set.js';
import { parseDuration } from '../../contract/duration.js';
import type {
  createDrainRequestSchema,
  DrainSet,
  drainSetListQuerySchema,
  drainSetPageSchema,
} from '../../contract/schemas/drains.js';
import type { Actor } from '../auth/caller.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { labelFilter, NodeStore, type NodeRecord } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { DrainSetSignals } from './drain-set-signals.js';
import type { DrainSetRecord } from './drain-set-record.js';
import { DrainSetStore } from './drain-set-store.js';
import { drainSetView, memberViews } from './drain-set-view.js';

/** Each loss of a race means that somebody else ruled. */
const MAX_ATTEMPTS = 10;
/** Letters and digits that nobody takes for another, 32 of them. */
const ID_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 10;

const byName = new Intl.Collator('en', { numeric: true });

/** Drains of whole sets of nodes, a few at a time: written down first, then told to their workflow. */
@Injectable()
export class DrainSets {
  private readonly logger = new Logger(DrainSets.name);
  private readonly temporal: { namespace: string; webUI?: string | undefined };

  constructor(
    private readonly sets: DrainSetStore,
    private readonly nodes: NodeStore,
    private readonly signals: DrainSetSignals,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    const { Namespace, WebUI } = config.Orchestrator.Temporal;
    this.temporal = { namespace: Namespace ?? DEFAULT_NAMESPACE, webUI: WebUI };
  }

  /** @throws ProblemError NO_NODE_MATCHES, or VALIDATION_FAILED where too many match */
  async create(request: z.output<typeof createDrainRequestSchema>, actor: Actor): Promise<DrainSet> {
    const { labels, maxUnavailable, reason, deadline, onDeadline } = request;
    const nodes = await this.matching(labels);
    const at = this.clock.now();
    const members = nodes.map(({ uid, name }): DrainSetMember => ({
      uid,
      name,
      state: 'QUEUED',
      since: at,
      reason: '',
    }));
    const set: DrainSetRecord = {
      ...{ id: newId(), actor, at, reason, labels, maxUnavailable, onDeadline, members },
      patienceMs: deadline === undefined ? null : (parseDuration(deadline) ?? null),
      ruling: { seq: 1, value: 'resume', at, by: actor.by },
      ...{ state: 'RUNNING', revision: 0, rulingSeq: 0, others: NO_OTHERS, waiting: false, endedAt: null },
    };
    await this.unit.run(async () => {
      await this.sets.create(set);
      await this.answers.keep(201, () => this.shown(set));
    });
    this.logger.log({
      msg: 'a set of nodes is to be drained',
      drain: set.id,
      nodes: members.length,
      labels,
      by: actor.by,
      from: actor.from,
    });
    await this.tell(set);
    return this.shown(set);
  }

  /** @throws BadCursor */
  async list(page: z.output<typeof drainSetListQuerySchema>): Promise<z.infer<typeof drainSetPageSchema>> {
    const { items, nextCursor } = await this.sets.list(page);
    return { items: items.map((set) => ({ ...drainSetView(set, this.temporal), nodes: null })), nextCursor };
  }

  /** @throws ProblemError NOT_FOUND */
  async get(id: string): Promise<DrainSet> {
    return this.shown(await this.find(id));
  }

  /**
   * Pauses, resumes or cancels a set. Wanting what is wanted already changes nothing.
   * @throws ProblemError NOT_FOUND, DRAIN_ENDED, or DECISION_CONFLICT
   */
  async rule(id: string, wish: DrainSetWish, actor: Actor): Promise<DrainSet> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const set = await this.find(id);
      if (isDrainSetOver(set.state)) throw ended(`drain ${id} is over (${set.state})`);
      if (set.ruling.value === wish) return this.shown(set);
      if (set.ruling.value === 'cancel') throw ended(`drain ${id} was cancelled by ${set.ruling.by}`);
      const ruled = await this.unit.run(async () => {
        const after = await this.sets.rule(id, set.ruling.seq, { value: wish, at: this.clock.now(), by: actor.by });
        if (after !== 'conflict') await this.answers.keep(200, () => this.shown(after));
        return after;
      });
      if (ruled === 'conflict') continue;
      this.logger.log({ msg: 'it was ruled about a drain', drain: id, wish, by: actor.by, from: actor.from });
      await this.tell(ruled);
      return this.shown(ruled);
    }
    throw new ProblemError({
      code: 'DECISION_CONFLICT',
      detail: `others keep deciding about drain ${id}`,
      hint: 'Look at it, then try again',
    });
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
        hint: 'Name more labels, and drain them in several sets',
      });
    }
    return items.toSorted((a, b) => byName.compare(a.name, b.name));
  }

  private async find(id: string): Promise<DrainSetRecord> {
    const set = await this.sets.find(id);
    if (set === null)
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail: `there is no drain ${id}`,
        hint: 'See: rollcall drain list',
      });
    return set;
  }

  /** It is written down: from here on nothing may fail the request, and the reconciler makes up for what is not told. */
  private async tell(set: DrainSetRecord): Promise<void> {
    await this.signals.tell(set).catch((error: Error) => {
      this.logger.warn({ msg: 'the workflow was not told; the reconciler will', drain: set.id, reason: error.message });
    });
  }

  private shown(set: DrainSetRecord): DrainSet {
    return { ...drainSetView(set, this.temporal), nodes: memberViews(set) };
  }
}

function ended(detail: string): ProblemError {
  return new ProblemError({
    code: 'DRAIN_ENDED',
    detail,
    hint: 'Begin another: rollcall node deactivate --filter-labels',
  });
}

function newId(): string {
  return Array.from(randomBytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('');
}
