import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { MOST_RULES } from '../../contract/approval-rule.js';
import type { FleetEventType } from '../../contract/audit.js';
import { parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import type {
  createRuleRequestSchema,
  patchRuleRequestSchema,
  rulePageSchema,
  RuleView,
} from '../../contract/schemas/approval-rules.js';
import type { EpochMs } from '../../contract/states.js';
import type { Actor } from '../auth/caller.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { EventStore } from '../record/event-store.js';
import { fleetEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { isExpired, type ApprovalRule } from './approval-rule.js';
import { ApprovalRuleStore, type RuleChange } from './approval-rule-store.js';

const MAX_ATTEMPTS = 10;

/** Approval rules: creation, changes, deletion. They apply to joins from then on, and change no node that has joined. */
@Injectable()
export class ApprovalRules {
  private readonly logger = new Logger(ApprovalRules.name);

  constructor(
    private readonly rules: ApprovalRuleStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError TOO_MANY_RULES, RULE_NAME_TAKEN */
  async create(request: z.output<typeof createRuleRequestSchema>, actor: Actor): Promise<RuleView> {
    const { expiresIn, ...same } = request;
    const at = this.clock.now();
    const rule: ApprovalRule = {
      ...same,
      version: 1,
      expiresAt: after(at, expiresIn),
      createdAt: at,
      createdBy: actor.by,
    };
    const { name } = rule;
    await this.unit.run(async () => {
      const outcome = await this.rules.create(rule);
      if (outcome === 'full')
        throw new ProblemError({
          code: 'TOO_MANY_RULES',
          detail: `there are ${MOST_RULES} approval rules already`,
          hint: 'Delete one first: rollcall approval-rule list',
        });
      if (outcome === 'taken')
        throw new ProblemError({
          code: 'RULE_NAME_TAKEN',
          detail: `there is an approval rule ${name} already`,
          field: 'name',
          hint: `Choose another name, or change it: rollcall approval-rule edit ${name}`,
        });
      await this.note('ApprovalRuleCreated', rule, actor);
      await this.answers.keep(201, () => view(rule, at));
    });
    this.logger.log({ msg: 'an approval rule was created', rule: name, by: actor.by });
    return view(rule, at);
  }

  async list(): Promise<z.infer<typeof rulePageSchema>> {
    const now = this.clock.now();
    return { items: (await this.rules.all()).map((rule) => view(rule, now)), nextCursor: null };
  }

  /** @throws ProblemError NOT_FOUND */
  async get(name: string): Promise<RuleView> {
    return view(await this.find(name), this.clock.now());
  }

  /** @throws ProblemError NOT_FOUND, RULE_CHANGED */
  async change(name: string, request: z.output<typeof patchRuleRequestSchema>, actor: Actor): Promise<RuleView> {
    const { version, expiresIn, ...same } = request;
    const at = this.clock.now();
    const change = { ...same, ...(expiresIn !== undefined && { expiresAt: after(at, expiresIn) }) } as RuleChange;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const before = await this.find(name);
      if (version !== undefined && version !== before.version) break;
      const changed = await this.unit.run(async () => {
        const next = await this.rules.change(name, before.version, change);
        if (next === 'conflict') return next;
        await this.note('ApprovalRuleChanged', next, actor);
        await this.answers.keep(200, () => view(next, at));
        return next;
      });
      if (changed === 'conflict') continue;
      this.logger.log({ msg: 'an approval rule was changed', rule: name, by: actor.by });
      return view(changed, at);
    }
    throw new ProblemError({
      code: 'RULE_CHANGED',
      detail: `somebody has changed approval rule ${name} meanwhile`,
      hint: 'Look at it, then try again',
    });
  }

  /** @throws ProblemError NOT_FOUND */
  async remove(name: string, actor: Actor): Promise<void> {
    await this.unit.run(async () => {
      const rule = await this.find(name);
      await this.rules.remove(name);
      await this.note('ApprovalRuleDeleted', rule, actor);
      await this.answers.keep(204, () => undefined);
    });
    this.logger.log({ msg: 'an approval rule was deleted', rule: name, by: actor.by });
  }

  private async find(name: string): Promise<ApprovalRule> {
    const rule = await this.rules.find(name);
    if (rule === null)
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail: `there is no approval rule ${name}`,
        hint: 'See: rollcall approval-rule list',
      });
    return rule;
  }

  private note(type: FleetEventType, { name, decision, reason }: ApprovalRule, actor: Actor): Promise<void> {
    const what = `rule ${name}, which decides ${decision}`;
    return this.events.append([fleetEvent(type, this.clock.now(), actor, reason === '' ? what : `${what}: ${reason}`)]);
  }
}

function after(at: EpochMs, span: string | null | undefined): EpochMs | null {
  return span == null ? null : at + (parseDuration(span) ?? 0);
}

function view({ expiresAt, createdAt, ...same }: ApprovalRule, now: EpochMs): RuleView {
  return {
    ...same,
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    expired: isExpired({ expiresAt }, now),
    createdAt: isoTime(createdAt),
  };
}
