import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { OwnAvailability } from '../../../client/index.js';
import { ownAvailabilityRequestSchema } from '../../../contract/schemas/own-availability.js';
import { Refused, Unavailable } from '../../control-plane/control-plane.js';
import { BadRequest, readWait } from './endpoint-requests.js';
import { readJson } from './json-body.js';
import { whyNotDecided, type OwnDrain } from '../../availability/own-drain.js';

/** Requests of `rollcall-agent drain` and `resume`, the only clients of this route, so unknown fields are refused. */
const wishes = z.strictObject(ownAvailabilityRequestSchema.shape);
/** How long the api holds a request at most, in seconds. */
const LONGEST_WAIT_S = 30;

/**
 * Answers requests about the node's availability: PUT decides, GET looks and may wait.
 * @throws BadRequest with one sentence if it is not possible
 */
export async function answerAvailability(
  request: IncomingMessage,
  query: URLSearchParams,
  drain: OwnDrain,
  gone: AbortSignal,
): Promise<OwnAvailability & { node: string }> {
  try {
    const answer =
      request.method === 'PUT'
        ? await decide(await readJson(request), drain, gone)
        : await drain.look(Math.min(LONGEST_WAIT_S, Math.floor(readWait(query) / 1_000)), gone);
    return { node: drain.id ?? '', ...answer };
  } catch (error) {
    if (error instanceof Unavailable) throw new BadRequest(error.message, 503);
    if (error instanceof Refused) throw new BadRequest(whyNotDecided(error), 409);
    throw error;
  }
}

async function decide(body: unknown, drain: OwnDrain, gone: AbortSignal): Promise<OwnAvailability> {
  const { success, data, error } = wishes.safeParse(body);
  if (!success) throw new BadRequest(`${error.issues[0]?.path.join('.') || 'the body'}: ${error.issues[0]?.message}`);
  const { value, reason, deadlineMs, onDeadline } = data;
  if (value === 'ACTIVE') return (await drain.end('command', reason, gone)) ?? drain.look(0, gone);
  return drain.begin('command', { reason, onDeadline, ...(deadlineMs !== undefined && { deadlineMs }) }, gone);
}
