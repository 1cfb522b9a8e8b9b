import type { IncomingMessage } from 'node:http';
import { BadRequest } from './endpoint-requests.js';

/** Maximum size of a body, in bytes: above a statement of full length in the largest characters. */
const MAX_BODY_BYTES = 262_144;

/**
 * The request's body; undefined without one.
 * @throws BadRequest
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new BadRequest(`the body is larger than ${MAX_BODY_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  if (length === 0) return undefined;
  const [type] = (request.headers['content-type'] ?? '').split(';');
  if (type?.trim().toLowerCase() !== 'application/json')
    throw new BadRequest('the body must be JSON: send Content-Type: application/json', 415);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BadRequest('the body is no JSON');
  }
}
