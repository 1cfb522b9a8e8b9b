import { z } from 'zod';
import { MOST_RULES, RULE_BOUNDS, RULE_DECISIONS, VERDICT_SOURCES } from '../approval-rule.js';
import { NAME_PATTERN_SYNTAX, RESOURCE_NAME_SYNTAX } from '../name-pattern.js';
import { PHASES } from '../phase.js';
import { boundedDuration, count, labelQuery, nodeName, oneOrMore, pageOf, prose, timestamp } from './common.js';
import { tokenId } from './tokens.js';

/** Rules that decide about nodes when they join. */

export const ruleName = z
  .string()
  .regex(RESOURCE_NAME_SYNTAX, '1 to 63 lower-case letters, digits or hyphens')
  .meta({ example: 'gpu-lab' });

const MOST_TERMS = 16;

const hardwareSchema = z
  .strictObject({
    cores: z
      .number()
      .int()
      .min(1)
      .max(RULE_BOUNDS.cores)
      .optional()
      .meta({ description: 'logical cores', example: 32 }),
    memory: z
      .number()
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .meta({ description: 'bytes', example: 68_719_476_736 }),
    gpus: z.number().int().min(1).max(RULE_BOUNDS.gpus).optional().meta({ example: 1 }),
  })
  .meta({ id: 'LeastHardware', description: 'what the machine must have at least, as its agent says' });

const parts = {
  order: z.number().int().min(0).max(RULE_BOUNDS.order).meta({
    description: 'rules are tried by ascending order, then by name; the first that matches decides',
    example: 100,
  }),
  decision: z.enum(RULE_DECISIONS).meta({ example: 'approve' }),
  joinTokens: z
    .array(tokenId)
    .max(MOST_TERMS)
    .meta({ description: 'the node joins with one of these join tokens; empty: with any' }),
  namePattern: z
    .string()
    .regex(NAME_PATTERN_SYNTAX, 'a name pattern has 1 to 63 lower-case letters, digits, dots, hyphens and stars: gpu-*')
    .nullable()
    .meta({ description: 'the node has such a name; * stands for any characters; null: any', example: 'gpu-*' }),
  labels: z
    .array(labelQuery)
    .max(MOST_TERMS)
    .meta({ description: 'the node has all of these labels, from its agent or its token', example: ['pool=gpu'] }),
  networks: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'an address or a network: 10.0.0.0/8'))
    .max(MOST_TERMS)
    .meta({
      description: 'the request came from one of these addresses or networks; empty: from any',
      example: ['10.0.0.0/8'],
    }),
  hardware: hardwareSchema,
  reason: prose(256).meta({ description: 'for people; a rejected node is told too' }),
};
const expiresIn = boundedDuration('1m', '3650d').meta({
  description: 'after which the rule is ignored',
  example: '30d',
});

export const createRuleRequestSchema = z
  .strictObject({
    name: ruleName,
    order: parts.order.default(100),
    decision: parts.decision,
    joinTokens: parts.joinTokens.default([]),
    namePattern: parts.namePattern.default(null),
    labels: parts.labels.default([]),
    networks: parts.networks.default([]),
    hardware: parts.hardware.default({}),
    reason: parts.reason.default(''),
    expiresIn: expiresIn.optional(),
  })
  .meta({ id: 'CreateApprovalRuleRequest' });

export const patchRuleRequestSchema = z
  .strictObject({
    version: count.optional().meta({
      description:
        'of the rule as you know it: it is refused where somebody has changed it since; absent: it is not asked',
    }),
    ...z.strictObject(parts).partial().shape,
    expiresIn: expiresIn
      .nullable()
      .optional()
      .meta({ description: 'from now on; null: it does not expire', example: '30d' }),
  })
  .meta({ id: 'PatchApprovalRuleRequest' });

export const ruleSchema = z
  .strictObject({
    name: ruleName,
    version: count.meta({ description: 'grows with each change' }),
    ...parts,
    expiresAt: timestamp.nullable(),
    expired: z.boolean().meta({ description: 'it is ignored' }),
    createdAt: timestamp,
    createdBy: z.string(),
  })
  .meta({ id: 'ApprovalRule' });
export type RuleView = z.infer<typeof ruleSchema>;

export const rulePageSchema = pageOf(ruleSchema).meta({ id: 'ApprovalRulePage' });

/** Maximum number of nodes asked about at once. */
const MOST_NODES = 100;

export const verdictQuerySchema = z
  .strictObject({
    node: oneOrMore(nodeName).meta({ description: 'these nodes' }),
    pending: z
      .literal('true')
      .optional()
      .meta({ description: `nodes that wait for approval, the first ${MOST_NODES}` }),
  })
  .refine(({ node, pending }) => (node === undefined) !== (pending === undefined), {
    path: ['node'],
    error: 'say which nodes, or pending=true',
  });

export const verdictSchema = z
  .strictObject({
    node: nodeName,
    phase: z.enum(PHASES),
    decision: z.enum(RULE_DECISIONS),
    source: z.enum(VERDICT_SOURCES).meta({ description: 'what decides: a rule, its join token, or the configuration' }),
    rule: z.string().nullable().meta({ description: 'the rule that matches; null: none does', example: 'gpu-lab' }),
    passedOver: z
      .array(z.strictObject({ rule: z.string().meta({ example: 'gpu-lab' }), because: z.string() }))
      .max(MOST_RULES)
      .meta({ description: 'rules that were tried before, and why they do not match' }),
  })
  .meta({ id: 'ApprovalVerdict' });

export const verdictPageSchema = z
  .strictObject({ items: z.array(verdictSchema).max(MOST_NODES) })
  .meta({ id: 'ApprovalVerdicts', description: 'what would be decided about these nodes if they joined now' });
