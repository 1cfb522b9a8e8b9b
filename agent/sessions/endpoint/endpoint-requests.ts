import { z } from 'zod';
import { parseDuration } from '../../../contract/duration.js';
import { count, prose, timestamp } from '../../../contract/schemas/common.js';
import { endedSessionReportSchema, liveSessionReportSchema, sessionId } from '../../../contract/schemas/sessions.js';
import { MAX_SQL_LENGTH, shortenedStatement } from '../../../contract/sessions.js';
import type { ShownEnd, ShownSession } from '../external-sessions.js';

/** How long the endpoint holds a request at most, in milliseconds. */
const LONGEST_WAIT_MS = 60_000;
/** How far ahead an engine's clock may be, in milliseconds. */
const CLOCK_TOLERANCE_MS = 60_000;

const shown = z.strictObject({
  principal: liveSessionReportSchema.shape.principal,
  statement: prose(MAX_SQL_LENGTH),
  startedAt: timestamp
    .refine((text) => Date.parse(text) <= Date.now() + CLOCK_TOLERANCE_MS, 'it lies in the future')
    .optional(),
});
const end = z.strictObject({
  state: endedSessionReportSchema.shape.state.optional(),
  reason: endedSessionReportSchema.shape.reason.optional(),
  rows: count.optional(),
});

/** The request is invalid; the message is one sentence. */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** @throws BadRequest */
export function readId(text: string): string {
  return parsed(sessionId, text, "the session's id");
}

/** @throws BadRequest */
export function readShown(body: unknown): ShownSession {
  const { principal, statement, startedAt } = parsed(shown, body, 'the body');
  return {
    principal,
    statement: shortenedStatement(statement),
    ...(startedAt === undefined ? {} : { startedAt: Date.parse(startedAt) }),
  };
}

/** @throws BadRequest */
export function readEnd(body: unknown): Partial<ShownEnd> {
  const { state, reason, rows } = parsed(end, body ?? {}, 'the body');
  return {
    ...(state === undefined ? {} : { state }),
    ...(reason === undefined ? {} : { reason }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/**
 * @returns milliseconds
 * @throws BadRequest
 */
export function readWait(query: URLSearchParams): number {
  for (const key of query.keys())
    if (key !== 'wait') throw new BadRequest(`"${key}" is no parameter of this question: wait is the only one`);
  const text = query.get('wait');
  const ms = text === null ? 0 : parseDuration(text);
  if (ms === undefined || ms > LONGEST_WAIT_MS)
    throw new BadRequest('wait: a duration of at most 1m is wanted, such as 25s');
  return ms;
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message } = { path: [], message: 'it is malformed' }] = error.issues;
  throw new BadRequest(`${path.length > 0 ? path.join('.') : what}: ${message}`);
}
