import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger } from '@nestjs/common';
import { conditionRules } from '../../contract/config/condition-rules.js';
import type { Config } from '../../contract/config/schema.js';
import { FITNESSES, fitnessOf, NOT_RUN_YET, type Fitness, type NodeCondition } from '../../contract/fitness.js';
import { ruleFor, type ConditionRules } from '../../contract/quarantine.js';
import type { HeartbeatRequest, ReportedCondition } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { agentName } from '../auth/caller.js';
import { NodeQuotas } from '../auth/node-quotas.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { InjectConfig } from '../process/config.js';
import type { Count } from '../process/metric-registry.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { nodeEvent } from '../record/node-event.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';

type Telling = Pick<HeartbeatRequest, 'bootId' | 'seq'> & { conditions: readonly ReportedCondition[] };

/** Records nodes' conditions and events of their changes. No axis changes here: where a policy demands something, the node's workflow is told. */
@Injectable()
export class ReportedConditions {
  private readonly logger = new Logger(ReportedConditions.name);
  private readonly changes: Readonly<Record<Fitness, Count>>;
  private readonly rules: ConditionRules;

  constructor(
    private readonly nodes: NodeStore,
    private readonly quotas: NodeQuotas,
    private readonly lifecycle: LifecycleSignals,
    metrics: MetricRegistry,
    @InjectConfig() config: Config,
  ) {
    this.rules = conditionRules(config);
    this.changes = metrics.counts(
      'rollcall_condition_changes_total',
      'Conditions of nodes that became this, as their checks said',
      'status',
      FITNESSES,
    );
  }

  /**
   * @param from the address that the heartbeat came from
   * @returns whether they are recorded; otherwise the agent sends them again, and the heartbeat counts all the same
   */
  async keep(node: NodeRecord, telling: Telling, at: EpochMs, from: string | null): Promise<boolean> {
    const before = node.conditions ?? [];
    const after = conditionsAfter(before, telling.conditions, at);
    if (node.conditions !== null && isDeepStrictEqual(before, after)) return true;
    if (!this.quotas.take(node, 'conditions')) return false;
    const changes = changesBetween(before, after);
    const events = changes.map(({ text }) =>
      nodeEvent(node, 'NodeConditionChanged', at, { by: agentName(node), from }, text),
    );
    try {
      const { bootId, seq } = telling;
      if (!(await this.nodes.saveConditions(node.uid, { bootId, seq }, after, events))) return false;
    } catch (error) {
      this.logger.debug({ msg: 'conditions were not kept', node: node.name, reason: (error as Error).message });
      return false;
    }
    for (const { status } of changes) if (status !== undefined) this.changes[status].inc();
    if (changes.length > 0 && this.maySomethingFollow(node, after)) void this.lifecycle.signalConditions(node);
    return true;
  }

  private maySomethingFollow({ decision }: NodeRecord, conditions: readonly NodeCondition[]): boolean {
    const { checks } = decision.availability;
    return checks !== undefined || conditions.some(({ type }) => ruleFor(this.rules, type).policy !== 'note');
  }
}

/** The conditions after this report. An unchanged one keeps its `since`, also across restarts of the agent. */
export function conditionsAfter(
  before: readonly NodeCondition[],
  told: readonly ReportedCondition[],
  at: EpochMs,
): NodeCondition[] {
  return told.map(({ ageMs, status: word, ...said }) => {
    const status = fitnessOf(word);
    const known = before.find(({ type }) => type === said.type);
    if (known !== undefined && said.reason === NOT_RUN_YET) return known;
    const since = known?.status === status ? known.since : at - Math.min(ageMs, at);
    return { type: said.type, status, since, reason: said.reason, message: said.message, by: said.by };
  });
}

/** Describes changes of conditions. A new check that passes is not mentioned. */
export function changesBetween(
  before: readonly NodeCondition[],
  after: readonly NodeCondition[],
): { status?: Fitness; text: string }[] {
  const changed = after.flatMap(({ type, status, reason, message, by }) => {
    const was = before.find((condition) => condition.type === type)?.status;
    if (was === status || (was === undefined && status !== 'UNFIT')) return [];
    const says = message === '' ? reason : `${reason}: ${message}`;
    return [{ status, text: `${type} is ${status}${was ? `, was ${was}` : ''} (${by}). ${says}` }];
  });
  const gone = before.filter(({ type, status }) => status === 'UNFIT' && !after.some((other) => other.type === type));
  return [...changed, ...gone.map(({ type }) => ({ text: `${type}, which was UNFIT, is not checked any more` }))];
}
