import { z } from 'zod';
import {
  ENDED_SESSION_STATES,
  LIVE_SESSION_STATES,
  MAX_PREVIEW_COLUMNS,
  MAX_PREVIEW_ROWS,
  MAX_PREVIEW_VALUE_LENGTH,
  MAX_PRINCIPAL_LENGTH,
  MAX_SESSIONS_PER_NODE,
  MAX_SQL_LENGTH,
  MAX_STATEMENT_LENGTH,
  SESSION_KINDS,
  SESSION_STATES,
} from '../sessions.js';
import { bootId } from './agents.js';
import { count, labels, nodeName, pageOf, pageQuery, prose, timestamp } from './common.js';
import { sessionResourcesSchema } from './session-resources.js';
import { waiting } from './waiting.js';

/** Sessions: requests of people, commands to and reports from agents, and what is stored. */

export const sessionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'a session id has 1 to 64 letters, digits, hyphens or underscores');
const principal = prose(MAX_PRINCIPAL_LENGTH).min(1);

/** How to choose among the nodes with room for a session. */
export const PLACEMENT_STRATEGIES = ['spread', 'pack'] as const;

const { cpu, memory, disk, gpu } = sessionResourcesSchema.shape;

export const openSessionRequestSchema = z
  .strictObject({
    principal: principal.meta({ description: 'for whom it runs' }),
    sql: prose(MAX_SQL_LENGTH).refine((text) => text.trim() !== '', 'it must hold a query'),
    resources: z
      .strictObject({
        cpu: cpu.min(0.01).optional(),
        memory: memory.min(32 * 1_024 ** 2, 'at least 32 MiB').optional(),
        disk: disk.optional(),
        gpu: gpu.optional(),
      })
      .default({})
      .meta({
        description: 'what to reserve; a quarter of a core, 256 MiB of memory and of disk where nothing is said',
      }),
    labels: labels.default({}).meta({ description: 'only nodes that have all of these' }),
    strategy: z
      .enum(PLACEMENT_STRATEGIES)
      .default('spread')
      .meta({ description: 'spread: the node with the most room; pack: the one with the least that is enough' }),
  })
  .meta({ id: 'OpenSessionRequest' });
export type OpenSessionRequest = z.output<typeof openSessionRequestSchema>;

/** The beginning of a result, as text. */
export const previewSchema = z
  .object({
    columns: z
      .array(z.object({ name: prose(MAX_PREVIEW_VALUE_LENGTH), type: prose(MAX_PREVIEW_VALUE_LENGTH) }))
      .max(MAX_PREVIEW_COLUMNS),
    rows: z.array(z.array(prose(MAX_PREVIEW_VALUE_LENGTH).nullable()).max(MAX_PREVIEW_COLUMNS)).max(MAX_PREVIEW_ROWS),
    truncated: z.boolean().meta({ description: 'the result has more rows, more columns or longer values' }),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof previewSchema>;

/** The record of a session: while it lives, and for Orchestrator.Sessions.Retention after it has ended. */
export const sessionSchema = z
  .strictObject({
    id: sessionId,
    kind: z.enum(SESSION_KINDS).meta({
      description: 'managed: placed by Rollcall and run by the agent; external: another engine of the node shows it',
    }),
    principal: z.string(),
    statement: z.string().meta({ description: 'shortened' }),
    sql: z
      .string()
      .nullable()
      .meta({ description: 'the whole query; null in lists, and where another engine runs it' }),
    state: z.enum(SESSION_STATES),
    reason: z.string().meta({ description: 'why it is in this state, where that needs saying' }),
    node: nodeName.nullable(),
    nodeUid: z.uuid().nullable(),
    resources: sessionResourcesSchema,
    labels: labels.meta({ description: 'that its node had to have' }),
    openedBy: z.string(),
    openedAt: timestamp,
    startedAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
    elapsedMs: count.meta({
      description: 'from its start (or its opening, while it has not started) until its end or now',
    }),
    termination: z.strictObject({ at: timestamp, by: z.string(), reason: z.string() }).nullable(),
    rows: count.nullable().meta({ description: 'of the result, where it has one' }),
    resultFile: z.string().nullable().meta({ description: 'on the node' }),
    preview: previewSchema.nullable().meta({ description: 'null in lists' }),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const sessionPageSchema = pageOf(sessionSchema).meta({ id: 'SessionPage' });

const oneOrMoreStates = z.union([z.enum(SESSION_STATES), z.array(z.enum(SESSION_STATES)).max(16)]);
export const sessionListQuerySchema = z.strictObject({
  ...pageQuery,
  state: oneOrMoreStates.optional(),
  node: nodeName.optional(),
  principal: principal.optional(),
  kind: z
    .enum(SESSION_KINDS)
    .optional()
    .meta({ description: 'managed: placed by Rollcall; external: shown by other engines, as many as those like' }),
  live: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'true: those that have not ended; false: those that have' }),
});

export const terminateSessionQuerySchema = z.strictObject({ reason: prose(1_024).optional() });

/** A session as its node's workflow holds it. */
export const nodeSessionSchema = z
  .strictObject({
    id: z.string(),
    principal: z.string(),
    statement: z.string(),
    state: z.enum(LIVE_SESSION_STATES),
    startedAt: timestamp,
    elapsedMs: count,
    resources: sessionResourcesSchema
      .nullable()
      .meta({ description: "null where nothing is reserved for it: another engine's" }),
  })
  .meta({ id: 'NodeSession' });

export const sessionCacheSchema = z
  .strictObject({
    items: z.array(nodeSessionSchema),
    source: z
      .enum(['workflow', 'record'])
      .meta({ description: 'record: the workflow did not answer, these are as last written' }),
    reportedAt: timestamp.nullable(),
  })
  .meta({ id: 'SessionCache' });

export const sessionQuerySchema = z.strictObject({ wait: waiting(60_000, '1m', 'the session to end') });
export const commandsQuerySchema = z.object({ wait: waiting(30_000, '30s', 'something to be done') });

/** A command to an agent. Repeated until the agent reports that it did it. */
export const commandsSchema = z
  .object({
    open: z
      .array(z.object({ id: sessionId, principal: z.string(), sql: z.string(), resources: sessionResourcesSchema }))
      .max(100),
    terminate: z.array(z.object({ id: sessionId, by: z.string(), reason: z.string() })).max(MAX_SESSIONS_PER_NODE),
    report: z
      .boolean()
      .meta({ description: 'sessions of the node were lost out of sight: report now which of them it still has' }),
  })
  .meta({ id: 'Commands' });
export type Commands = z.infer<typeof commandsSchema>;

/** A live session as its node reports it. */
export const liveSessionReportSchema = z
  .object({
    id: sessionId,
    kind: z.enum(SESSION_KINDS),
    principal,
    statement: prose(MAX_STATEMENT_LENGTH),
    state: z.enum(['RUNNING', 'TERMINATING']),
    startedAt: timestamp,
  })
  .meta({ id: 'LiveSessionReport' });

/** How a session ended. */
export const endedSessionReportSchema = z
  .object({
    id: sessionId,
    kind: z.enum(SESSION_KINDS),
    state: z.enum(ENDED_SESSION_STATES).exclude(['LOST']),
    reason: prose(1_024),
    startedAt: timestamp.nullable(),
    endedAt: timestamp,
    rows: count.nullable(),
    resultFile: prose(1_024).nullable(),
    preview: previewSchema.nullable(),
  })
  .meta({ id: 'EndedSessionReport' });

/** A report's ended sessions are sent again until the api has accepted a report with them. */
export const MAX_ENDED_PER_REPORT = 8;

export const sessionsReportSchema = z
  .object({
    bootId,
    seq: count.meta({ description: 'rises with every report of a boot' }),
    live: z
      .array(liveSessionReportSchema)
      .max(MAX_SESSIONS_PER_NODE)
      .meta({ description: 'all that the node has: what is not among them has ended' }),
    ended: z.array(endedSessionReportSchema).max(MAX_ENDED_PER_REPORT).meta({
      description: 'how those ended that ended since the last report that was taken; the rest come with the next',
    }),
  })
  .meta({ id: 'SessionsReport' });
export type SessionsReport = z.infer<typeof sessionsReportSchema>;

/** The api's answer to a report. */
export const sessionsReportAnswerSchema = z
  .object({
    terminate: z
      .array(sessionId)
      .meta({ description: 'the node still has these, and the cluster holds them for ended: end them' }),
  })
  .meta({ id: 'SessionsReportAnswer' });
