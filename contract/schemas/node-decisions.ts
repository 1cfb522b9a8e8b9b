import { z } from 'zod';
import { ON_DEADLINE, type OnDeadline } from '../decision.js';
import { parseDuration } from '../duration.js';
import type { DecisionBody } from '../node-actions.js';
import { instant, prose } from './common.js';
import { nodeSchema } from './nodes.js';

/** Administrators' decisions about a node, and their answers. */

const reason = prose(1_024).default('');
const duration = z
  .string()
  .max(32)
  .refine((text) => parseDuration(text) !== undefined, 'write it as 30s, 15m or 1h30m')
  .meta({ example: '15m' });

export const waitQuerySchema = z.strictObject({
  wait: duration
    .refine((text) => (parseDuration(text) ?? 0) <= 60_000, 'at most 1m')
    .optional()
    .meta({ description: 'wait this long for the decision to be applied before answering', example: '5s' }),
});

export const decisionRequestSchema = z.strictObject({ reason }).meta({ id: 'DecisionRequest' });
export const rejectRequestSchema = z.strictObject({ message: prose(1_024).default('') }).meta({ id: 'RejectRequest' });
export const drainRequestSchema = z
  .strictObject({
    reason,
    deadline: duration
      .optional()
      .meta({ description: 'how long running sessions may take, from the beginning of the drain' }),
    onDeadline: z.enum(ON_DEADLINE).default('wait'),
  })
  .meta({ id: 'DrainRequest' });
export const deactivateRequestSchema = drainRequestSchema
  .extend({
    at: instant.optional().meta({
      description: 'when it begins, at most a year ahead; absent: now. It takes the place of what was planned',
    }),
    until: instant
      .optional()
      .meta({ description: 'when it ends by itself, at most a year ahead; absent: when somebody activates the node' }),
  })
  .meta({ id: 'DeactivateRequest' });
export const removeNodeQuerySchema = waitQuerySchema.extend({
  force: z.enum(['true', 'false']).default('false'),
  reason: prose(1_024).optional(),
});

/** Body and query of each kind of decision. */
export const DECISION_SCHEMAS: Record<
  DecisionBody,
  { query: z.ZodType<DecisionRequest>; body?: z.ZodType<DecisionRequest> }
> = {
  reason: { query: waitQuerySchema, body: decisionRequestSchema.prefault({}) },
  message: { query: waitQuerySchema, body: rejectRequestSchema.prefault({}) },
  drain: { query: waitQuerySchema, body: drainRequestSchema.prefault({}) },
  span: { query: waitQuerySchema, body: deactivateRequestSchema.prefault({}) },
  force: { query: removeNodeQuerySchema },
};

/** All parameters of a decision, from body and query. */
export interface DecisionRequest {
  wait?: string | undefined;
  reason?: string | undefined;
  message?: string | undefined;
  deadline?: string | undefined;
  onDeadline?: OnDeadline | undefined;
  at?: string | undefined;
  until?: string | undefined;
  force?: 'true' | 'false' | undefined;
}

/** 200 when the decision is applied, 202 when it is committed and will be. */
export const decisionResponseSchema = z
  .strictObject({ node: nodeSchema, applied: z.boolean() })
  .meta({ id: 'DecisionResponse' });
