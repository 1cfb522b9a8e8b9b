import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  createRuleRequestSchema,
  patchRuleRequestSchema,
  ruleName,
  rulePageSchema,
  ruleSchema,
  verdictPageSchema,
  verdictQuerySchema,
  type RuleView,
} from '../../contract/schemas/approval-rules.js';
import { Roles } from '../auth/access.decorators.js';
import { Acting, type Actor } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import { ApprovalRules } from './approval-rules.js';
import { VerdictReader } from './verdict-reader.js';

/** Rules that decide about nodes when they join, and what they would decide. */
@ApiTags('approval')
@Controller('v1')
export class ApprovalRulesController {
  constructor(
    private readonly rules: ApprovalRules,
    private readonly verdicts: VerdictReader,
  ) {}

  @Post('approval-rules')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Create an approval rule: what happens to nodes that join with a join token and match it',
    description:
      "The first rule that matches decides, before the join token's own `autoApprove` and the configuration. Nodes that have joined stay as they are.",
    answers: { 201: { description: 'the rule', schema: ruleSchema } },
    refuses: ['TOO_MANY_RULES', 'RULE_NAME_TAKEN', 'IDEMPOTENCY_KEY_REUSED'],
  })
  createApprovalRule(
    @Body({ schema: createRuleRequestSchema }) request: z.output<typeof createRuleRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<RuleView> {
    return this.rules.create(request, actor);
  }

  @Get('approval-rules')
  @Roles('operator', 'sees')
  @Operation({
    summary: 'List approval rules, in the order in which they are tried',
    answers: { 200: { description: 'all of them', schema: rulePageSchema } },
  })
  listApprovalRules(): Promise<z.infer<typeof rulePageSchema>> {
    return this.rules.list();
  }

  @Get('approval-rules/:name')
  @Roles('operator', 'sees')
  @Operation({
    summary: 'Describe an approval rule',
    answers: { 200: { description: 'the rule', schema: ruleSchema } },
    refuses: ['NOT_FOUND'],
  })
  getApprovalRule(@Param('name', { schema: ruleName }) name: string): Promise<RuleView> {
    return this.rules.get(name);
  }

  @Patch('approval-rules/:name')
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Change an approval rule; what is left out stays as it is',
    description: 'Lists and the hardware are replaced as a whole.',
    answers: { 200: { description: 'the rule as changed', schema: ruleSchema } },
    refuses: ['NOT_FOUND', 'RULE_CHANGED', 'IDEMPOTENCY_KEY_REUSED'],
  })
  editApprovalRule(
    @Param('name', { schema: ruleName }) name: string,
    @Body({ schema: patchRuleRequestSchema }) request: z.output<typeof patchRuleRequestSchema>,
    @Acting() actor: Actor,
  ): Promise<RuleView> {
    return this.rules.change(name, request, actor);
  }

  @Delete('approval-rules/:name')
  @HttpCode(204)
  @Roles('admin', 'cluster')
  @Operation({
    summary: 'Delete an approval rule',
    answers: { 204: { description: 'it decides about no further node' } },
    refuses: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
  })
  deleteApprovalRule(@Param('name', { schema: ruleName }) name: string, @Acting() actor: Actor): Promise<void> {
    return this.rules.remove(name, actor);
  }

  @Get('approval-verdicts')
  @Roles('operator', 'sees')
  @Operation({
    summary: 'Try the approval rules on nodes, without effect',
    answers: {
      200: { description: 'what would be decided about each if it joined now', schema: verdictPageSchema },
    },
    refuses: ['NODE_NOT_FOUND'],
  })
  testApprovalRules(
    @Query({ schema: verdictQuerySchema }) query: z.output<typeof verdictQuerySchema>,
  ): Promise<z.infer<typeof verdictPageSchema>> {
    return this.verdicts.read(query);
  }
}
