import { z } from 'zod';
import { ATTENTIONS } from '../attention.js';
import { ON_DEADLINE } from '../decision.js';
import { CHECK_NAME_PATTERN, FITNESSES } from '../fitness.js';
import { STATUSES } from '../health.js';
import { MOST_SEARCH_LENGTH, MOST_SEARCH_WORDS, NODE_SORTS, searchWords } from '../node-order.js';
import { PHASES } from '../phase.js';
import { TRACE_POINTS, TRACE_STEP_MINUTES } from '../history.js';
import { APPROVALS, AVAILABILITIES, LIVENESSES, NODE_TYPES } from '../states.js';
import { nodeInfoSchema, resourcesSchema } from './agents.js';
import {
  count,
  labelKey,
  labelQuery,
  labels,
  nodeName,
  oneOrMore,
  pageOf,
  pageQuery,
  prose,
  timestamp,
} from './common.js';
import { sessionResourcesSchema } from './session-resources.js';
import { bootstrapLifetime, installSchema } from './tokens.js';

/** A node as administrators see it, and what they can request. */

function condition<Values extends readonly [string, ...string[]]>(values: Values) {
  return z.strictObject({ value: z.enum(values), since: timestamp, reason: z.string(), by: z.string() });
}

/** Result of one check of a node, as shown to people. */
const nodeConditionSchema = z
  .strictObject({
    type: z.string().regex(CHECK_NAME_PATTERN),
    status: z.enum(FITNESSES),
    since: timestamp,
    reason: z.string().meta({ description: 'in one word, for programs' }),
    message: z.string().meta({ description: 'for people; figures in it are of when it was told' }),
    by: z.string().meta({ description: 'what found it: built-in, or the path of a program on the node' }),
  })
  .meta({ id: 'NodeCondition' });

const plannedSchema = z
  .strictObject({
    at: timestamp.meta({ description: 'when it begins' }),
    until: timestamp.nullable().meta({ description: 'when it ends by itself; null: when somebody activates the node' }),
    since: timestamp.meta({ description: 'when it was planned' }),
    by: z.string(),
    reason: z.string(),
    deadline: z
      .string()
      .nullable()
      .meta({ description: 'how long running sessions may take from its beginning; null: without limit' }),
    onDeadline: z.enum(ON_DEADLINE),
  })
  .meta({
    id: 'PlannedDeactivation',
    description: 'a deactivate that is to come; what a person decides later ends it',
  });

export const nodeSchema = z
  .strictObject({
    id: nodeName,
    uid: z.uuid().meta({ description: 'tells apart nodes that had the same id one after the other' }),
    type: z.enum(NODE_TYPES),
    phase: z.enum(PHASES),
    status: z.enum(STATUSES).meta({
      description:
        'liveness in the words for this type of node; UNKNOWN or DISCONNECTED where it is overdue, STOPPED where its agent said goodbye',
    }),
    approval: condition(APPROVALS),
    availability: condition(AVAILABILITIES),
    liveness: condition(LIVENESSES),
    warning: z
      .boolean()
      .meta({ description: 'still HEALTHY, and MissedHeartbeatsWarning or more heartbeats in a row are missing' }),
    missedHeartbeats: count,
    overdue: z.boolean().meta({
      description:
        'silent for longer than its timeout, and nobody has said yet that it is UNHEALTHY: whether it is healthy is not known',
    }),
    stoppedAt: timestamp.optional().meta({
      description:
        'when its agent said goodbye: it stopped on purpose, and was not heard since. Its liveness goes by silence alone',
    }),
    copied: z
      .strictObject({ since: timestamp, bootIds: z.array(z.uuid()) })
      .nullable()
      .meta({
        description:
          'more than one machine beats with this identity: no new sessions until its token is regenerated and it has joined anew',
      }),
    outdated: z
      .strictObject({ agent: z.string(), api: z.string() })
      .nullable()
      .meta({ description: 'the versions of its agent and of the api that answers, where the agent is older' }),
    lastHeartbeat: timestamp.nullable(),
    drain: z
      .strictObject({
        since: timestamp,
        by: z.string(),
        reason: z.string(),
        deadline: timestamp.nullable(),
        onDeadline: z.enum(ON_DEADLINE),
        terminating: z.boolean(),
        thenRemove: z.boolean(),
        remaining: z
          .array(z.string())
          .nullable()
          .meta({ description: 'sessions that it waits for; null until the workflow has taken up the decision' }),
      })
      .nullable(),
    until: timestamp.nullable().meta({
      description:
        'when its deactivation ends by itself, if nobody decides otherwise; null where it has no end, or the node is in service',
    }),
    planned: plannedSchema.nullable(),
    activeSessions: count,
    reserved: sessionResourcesSchema.meta({ description: 'what its sessions reserve together' }),
    labels,
    agentLabels: z.array(labelKey).optional().meta({
      description: "keys of those labels that are as its agent's configuration says; all others are administrators'",
    }),
    description: z.string(),
    info: nodeInfoSchema.nullable(),
    resources: resourcesSchema.nullable(),
    conditions: z
      .array(nodeConditionSchema)
      .nullable()
      .meta({ description: 'what its checks said last; null where it never told. Liveness is another matter' }),
    quarantine: z
      .strictObject({
        since: timestamp,
        policy: z.enum(['noNewSessions', 'drain']),
        checks: z.array(z.string()).meta({ description: 'that failed' }),
        reason: z.string(),
        returnsAt: timestamp
          .nullable()
          .meta({ description: 'when it comes back if its checks go on to pass; null while one of them does not' }),
      })
      .nullable()
      .meta({ description: 'where checks have taken it out, or keep new sessions from it' }),
    heldBack: z
      .strictObject({ since: timestamp, reason: z.string() })
      .nullable()
      .meta({ description: 'where a check would take it out, and the budget is used up' }),
    despite: z.array(z.string()).meta({
      description: 'checks that it was activated despite: they take it out once they have passed, and fail anew',
    }),
    decision: z
      .strictObject({
        seq: count,
        appliedSeq: count,
        unappliedSince: timestamp
          .nullable()
          .meta({ description: 'when the latest was made, where the workflow has not applied it' }),
      })
      .meta({ description: 'a decision is applied when appliedSeq reaches its seq' }),
    workflow: z.strictObject({ id: z.string(), url: z.url().nullable() }),
    removeAfter: z.string().nullable().meta({
      description:
        'of an ephemeral node: it is removed once it has been UNKNOWN for so long; null: Orchestrator.NodeManager.RemoveAfter decides',
      example: '1h',
    }),
    createdAt: timestamp,
    joinedAt: timestamp.nullable(),
  })
  .meta({ id: 'Node' });
export type Node = z.infer<typeof nodeSchema>;

export const nodePageSchema = pageOf(nodeSchema)
  .extend({
    total: count
      .nullable()
      .meta({ description: 'how many nodes the filter finds, where that was asked for and could be counted quickly' }),
    cpu: z
      .record(z.uuid(), z.array(z.number().int().min(0).max(100).nullable()).length(TRACE_POINTS))
      .optional()
      .meta({
        description: `of each node by its uid, where \`include=cpu\` asked for it: CPU in percent over the last hour, a mean for every ${TRACE_STEP_MINUTES} minutes; null where nothing was heard`,
      }),
  })
  .meta({ id: 'NodePage' });

/** Maximum number of ids that a list of nodes can be limited to. */
const MOST_LISTED_IDS = 100;

export const nodeListQuerySchema = z.strictObject({
  ...pageQuery,
  id: z
    .union([nodeName, z.array(nodeName).max(MOST_LISTED_IDS)])
    .optional()
    .meta({ description: `only nodes of these ids, ${MOST_LISTED_IDS} at most` }),
  approval: oneOrMore(z.enum(APPROVALS)),
  liveness: oneOrMore(z.enum(LIVENESSES)),
  phase: oneOrMore(z.enum(PHASES)),
  type: oneOrMore(z.enum(NODE_TYPES)),
  label: oneOrMore(labelQuery),
  q: prose(MOST_SEARCH_LENGTH)
    .refine((text) => searchWords(text).length <= MOST_SEARCH_WORDS, `at most ${MOST_SEARCH_WORDS} words`)
    .optional()
    .meta({
      description:
        'words, each of which is a part of the id, the hostname, a label (key=value) or the description, in capital or small letters',
    }),
  warning: z
    .literal('true')
    .optional()
    .meta({ description: 'only nodes that are HEALTHY still and have missed heartbeats in a row' }),
  stopped: z
    .literal('true')
    .optional()
    .meta({ description: 'only nodes whose agents said goodbye, and were not heard since' }),
  outdated: z
    .literal('true')
    .optional()
    .meta({ description: 'only nodes whose agent is older than the api that answers' }),
  attention: oneOrMore(z.enum(ATTENTIONS)).meta({
    description: 'only nodes that need somebody for any of these; GET /v1/cluster says how many do, and what they mean',
  }),
  condition: oneOrMore(
    z
      .string()
      .regex(
        new RegExp(`^${CHECK_NAME_PATTERN.source.slice(1, -1)}(?:=(?:${FITNESSES.join('|')}))?$`),
        `write it as the name of a check, or as name=${FITNESSES.join(' or name=')}`,
      ),
  ).meta({ description: 'only nodes of which a check of this name says this; without a status: UNFIT' }),
  include: z
    .literal('cpu')
    .optional()
    .meta({ description: "what else is told of the page's nodes, in one piece: how busy each was over the last hour" }),
  total: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'count what the filter finds, all pages together' }),
  sort: z.enum(NODE_SORTS).default('id').meta({ description: 'ids as people count: node-2 before node-10' }),
});

export const createNodeRequestSchema = z
  .strictObject({
    name: nodeName,
    labels: labels.default({}),
    description: prose(1_024).default(''),
    expiresIn: bootstrapLifetime.meta({ description: 'how long its bootstrap token works' }),
  })
  .meta({ id: 'CreateNodeRequest' });

export const createNodeResponseSchema = z
  .strictObject({
    node: nodeSchema,
    bootstrapToken: z.string().meta({ description: 'shown once' }),
    expiresAt: timestamp,
    install: installSchema,
  })
  .meta({ id: 'CreateNodeResponse' });

export const patchNodeRequestSchema = z
  .strictObject({ labels: labels.optional(), description: prose(1_024).optional() })
  .meta({ id: 'PatchNodeRequest' });
