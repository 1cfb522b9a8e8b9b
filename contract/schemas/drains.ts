import { z } from 'zod';
import {
  AGENT_VERSION_PATTERN,
  DRAIN_MEMBER_STATES,
  DRAIN_SET_STATES,
  MAX_DRAIN_SET_NODES,
  MAX_UNAVAILABLE,
} from '../drain-set.js';
import { ON_DEADLINE } from '../decision.js';
import { parseDuration } from '../duration.js';
import { windowName } from './maintenance-windows.js';
import { count, instant, nodeName, pageOf, pageQuery, prose, timestamp } from './common.js';

/** Drains of sets of nodes: requests, and their progress. */

export const drainSetId = z
  .string()
  .regex(/^[a-z0-9]{1,32}$/, 'the id of a drain has lower-case letters and digits only');

/** Part of a set's nodes. */
const share = z
  .string()
  .regex(/^([1-9]\d?|100)%$/, `a number from 1 to ${MAX_UNAVAILABLE}, or a share from 1% to 100%`);

const chosenByLabels = z
  .array(
    z
      .string()
      .max(127)
      .regex(/^[^=\s]{1,63}(=\S{0,63})?$/, 'write it as key or key=value'),
  )
  .min(1, 'at least one: it says which nodes')
  .max(16)
  .meta({ description: 'the compute nodes that have all of these are drained', example: ['pool=a'] });

/** How the nodes of a set are drained, however they were selected. */
const pace = {
  maxUnavailable: z
    .union([z.number().int().min(1).max(MAX_UNAVAILABLE), share])
    .default(1)
    .meta({
      description:
        'at most so many of them are unavailable at once: those that drain, and those that are silent, rejected or drained by others; what this drain has drained counts no more; a share such as 25% is of all of them, rounded down, but never less than one',
    }),
  reason: prose(960).default(''),
  deadline: z
    .string()
    .max(32)
    .refine((text) => parseDuration(text) !== undefined, 'write it as 30s, 15m or 1h30m')
    .optional()
    .meta({
      description: 'how long running sessions may take, from the moment their node begins to drain',
      example: '15m',
    }),
  onDeadline: z.enum(ON_DEADLINE).default('wait'),
  window: windowName.optional().meta({
    description:
      'the maintenance window within which nodes begin to drain; what does not fit waits for its next opening; absent: they begin at any time',
  }),
};

export const createDrainRequestSchema = z
  .strictObject({
    labels: chosenByLabels.optional(),
    nodes: z
      .array(nodeName)
      .min(1)
      .max(MAX_DRAIN_SET_NODES)
      .optional()
      .meta({ description: 'the compute nodes that are drained, where labels do not say which', example: ['node-1'] }),
    ...pace,
    at: instant
      .optional()
      .meta({ description: 'when its first node begins to drain, at most a year ahead; absent: now' }),
    until: instant.optional().meta({
      description: 'when its nodes come back by themselves, at most a year ahead; absent: when somebody activates them',
    }),
  })
  .refine(({ labels, nodes }) => (labels === undefined) !== (nodes === undefined), {
    path: ['labels'],
    message: 'choose the nodes either by labels or by nodes',
  })
  .meta({ id: 'CreateDrainRequest' });

const counts = z.strictObject(
  Object.fromEntries(DRAIN_MEMBER_STATES.map((state) => [state, count])) as Record<
    (typeof DRAIN_MEMBER_STATES)[number],
    typeof count
  >,
);

export const drainSetSchema = z
  .strictObject({
    id: drainSetId,
    state: z.enum(DRAIN_SET_STATES),
    labels: z.array(z.string()),
    reason: z.string(),
    by: z.string(),
    at: timestamp,
    endedAt: timestamp.nullable(),
    maxUnavailable: count,
    deadline: z.string().nullable().meta({ description: 'how long each node may take' }),
    onDeadline: z.enum(ON_DEADLINE),
    beginsAt: timestamp
      .nullable()
      .meta({ description: 'no node begins to drain before; null: it began when it was made' }),
    until: timestamp
      .nullable()
      .meta({ description: 'when its nodes come back by themselves; null: when somebody activates them' }),
    window: z
      .strictObject({
        name: windowName,
        waiting: z.boolean().meta({ description: 'no further node begins before it opens' }),
        openUntil: timestamp.nullable().meta({ description: 'it is open until then; null: it is not open' }),
        opensAt: timestamp
          .nullable()
          .meta({ description: 'when it opens next; null: Temporal has not told yet, or there is no such opening' }),
      })
      .nullable()
      .meta({ description: 'the maintenance window within which its nodes begin to drain; null: at any time' }),
    ruling: z
      .strictObject({ at: timestamp, by: z.string(), applied: z.boolean() })
      .meta({ description: 'who last started, paused, resumed or cancelled it, and whether its workflow knows yet' }),
    counts: counts.meta({ description: 'its nodes by state' }),
    others: z
      .strictObject({
        waiting: z.boolean().meta({ description: 'no further node begins because of them' }),
        count,
        nodes: z.array(z.strictObject({ id: nodeName, why: z.string() })).meta({ description: 'some of them' }),
      })
      .meta({
        description:
          'its nodes that are unavailable without its doing, and count for maxUnavailable; seen while a node is to begin',
      }),
    nodes: z
      .array(
        z.strictObject({
          id: nodeName,
          uid: z.uuid(),
          state: z.enum(DRAIN_MEMBER_STATES),
          since: timestamp,
          reason: z.string(),
        }),
      )
      .nullable()
      .meta({ description: 'in the order of their turns; null in lists' }),
    workflow: z.strictObject({ id: z.string(), url: z.url().nullable() }),
  })
  .meta({ id: 'DrainSet' });
export type DrainSet = z.infer<typeof drainSetSchema>;

export const createAgentUpdateRequestSchema = z
  .strictObject({
    labels: chosenByLabels,
    ...pace,
    version: z
      .string()
      .max(64)
      .regex(AGENT_VERSION_PATTERN, 'a version such as 1.2.3')
      .meta({ description: 'of the agent; the api has its package', example: '1.2.3' }),
    downgrade: z.boolean().default(false).meta({ description: 'agents of later versions become this one too' }),
    maxFailures: z
      .number()
      .int()
      .min(1)
      .max(MAX_DRAIN_SET_NODES)
      .default(1)
      .meta({ description: 'with so many nodes failed no further one begins, until it is resumed' }),
    timeout: z
      .string()
      .max(32)
      .refine((text) => {
        const ms = parseDuration(text);
        return ms !== undefined && ms >= 10_000 && ms <= 86_400_000;
      }, 'a duration from 10s to 1d')
      .optional()
      .meta({
        description: 'a node of which nothing is heard for so long after it was drained has failed; 20m by default',
      }),
  })
  .meta({ id: 'CreateAgentUpdateRequest' });

export const agentUpdateSchema = z
  .strictObject({
    ...drainSetSchema.shape,
    version: z.string(),
    downgrade: z.boolean(),
    maxFailures: count,
    timeout: z
      .string()
      .meta({ description: 'a node of which nothing is heard for so long after it was drained has failed' }),
  })
  .meta({ id: 'AgentUpdate' });
export type AgentUpdateView = z.infer<typeof agentUpdateSchema>;

export const agentUpdatePageSchema = pageOf(agentUpdateSchema).meta({ id: 'AgentUpdatePage' });
export const drainSetPageSchema = pageOf(drainSetSchema).meta({ id: 'DrainSetPage' });
export const drainSetListQuerySchema = z.strictObject(pageQuery);
