import { Inject, Injectable } from '@nestjs/common';
import { AUDITED_EVENTS, type EventType } from '../../contract/audit.js';
import type { Config } from '../../contract/config/schema.js';
import { NODE_EVENTS } from '../../contract/lifecycle.js';
import type { EpochMs } from '../../contract/states.js';
import { LifecycleWorkflows } from '../lifecycle/lifecycle-workflows.js';
import { Clock } from '../mechanics/clock.js';
import { inBatches } from '../mechanics/in-batches.js';
import { InjectConfig } from '../process/config.js';
import { AuditExport } from './audit-export.js';
import { RetentionStore, type ExpiredRecord, type ExpiringKind } from './retention-store.js';

const EVENTS_AT_ONCE = 2_000;
const RECORDS_AT_ONCE = 100;
const ASKED_AT_ONCE = 8;

const AUDITED: ReadonlySet<EventType> = new Set(AUDITED_EVENTS);
const OBSERVED = NODE_EVENTS.filter((type) => !AUDITED.has(type));

/** Retention rule of one kind of records. */
interface Rule {
  /** For the log. */
  name: string;
  keepMs: number;
  /** Deletes a batch of records that were over before this moment. @returns their number, and whether there may be more */
  drop: (before: EpochMs) => Promise<{ gone: number; more: boolean }>;
}

/** Result for one kind. */
export interface Expired {
  name: string;
  gone: number;
  more: boolean;
  /** Why some were not deleted. */
  failure?: string;
}

/** Deletes records whose retention has ended. Where there are sinks, only what these have. */
@Injectable()
export class Expiry {
  private readonly rules: readonly Rule[];
  /** Rules with more to do; all of them when none has. */
  private next: readonly Rule[];
  /** The id after which to continue, of kinds with records that must be kept. */
  private readonly positions = new Map<ExpiringKind, string>();

  constructor(
    private readonly record: RetentionStore,
    private readonly audit: AuditExport,
    @Inject(LifecycleWorkflows) private readonly workflows: Pick<LifecycleWorkflows, 'incarnationOf'>,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    const { Audit, Events, RemovedNodes, Tokens, Drains } = Orchestrator.Retention;
    const records = (kind: ExpiringKind) => (before: EpochMs) => this.dropRecords(kind, before);
    const rules: Rule[] = [
      { name: 'events of the audit', keepMs: Audit, drop: (before) => this.dropEvents(AUDITED_EVENTS, before) },
      { name: 'other events', keepMs: Events, drop: (before) => this.dropEvents(OBSERVED, before) },
      { name: 'removed nodes', keepMs: RemovedNodes, drop: records('node') },
      { name: 'join and bootstrap tokens', keepMs: Tokens, drop: records('token') },
      { name: 'api tokens', keepMs: Tokens, drop: records('apiToken') },
      { name: 'drains', keepMs: Drains, drop: records('drain') },
    ];
    this.rules = rules.filter(({ keepMs }) => keepMs > 0);
    this.next = this.rules;
  }

  /** One batch of each kind with more to do, or of all kinds. Never rejects: a failure of one kind does not stop the others. */
  async pass(): Promise<Expired[]> {
    const results: Expired[] = [];
    const unfinished: Rule[] = [];
    for (const rule of this.next) {
      const result = await this.apply(rule);
      results.push(result);
      if (result.more) unfinished.push(rule);
    }
    this.next = unfinished.length > 0 ? unfinished : this.rules;
    return results;
  }

  private async apply({ name, keepMs, drop }: Rule): Promise<Expired> {
    try {
      return { name, ...(await drop(this.clock.now() - keepMs)) };
    } catch (error) {
      return { name, gone: 0, more: false, failure: (error as Error).message };
    }
  }

  private async dropEvents(types: readonly EventType[], before: EpochMs): Promise<{ gone: number; more: boolean }> {
    const only = this.audit.isNeeded ? 'exported' : 'all';
    const gone = await this.record.dropEvents(types, before, { only, most: EVENTS_AT_ONCE });
    return { gone, more: gone === EVENTS_AT_ONCE };
  }

  /** Continues after the records examined before, since more may have to be kept than fit into one batch. */
  private async dropRecords(kind: ExpiringKind, before: EpochMs): Promise<{ gone: number; more: boolean }> {
    const found = await this.record.expired(kind, before, RECORDS_AT_ONCE, this.positions.get(kind) ?? null);
    const over = kind === 'node' ? await this.withoutWorkflow(found) : found;
    const at = this.clock.now();
    await this.audit.keep(over.map(({ id, record }) => ({ kind, id, at, fields: { record } })));
    if (over.length > 0)
      await this.record.drop(
        kind,
        over.map(({ id }) => id),
      );
    const last = found.length === RECORDS_AT_ONCE ? found.at(-1) : undefined;
    if (last) this.positions.set(kind, last.id);
    else this.positions.delete(kind);
    return { gone: over.length, more: last !== undefined };
  }

  /** Keeps removed nodes whose lifecycle is still running: the reconciler needs their record to terminate it. */
  private async withoutWorkflow(nodes: readonly ExpiredRecord[]): Promise<ExpiredRecord[]> {
    const ended = await inBatches(nodes, ASKED_AT_ONCE, async (node) =>
      node.name !== null && (await this.workflows.incarnationOf(node.name)) === node.id ? [] : [node],
    );
    return ended.flat();
  }
}
