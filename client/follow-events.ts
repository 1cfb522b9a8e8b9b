import { errorOf } from './answer.js';
import type { Client } from './client/index.js';
import { pause } from './pause.js';
import { RollcallError } from './problem.js';
import { streamEvents } from './sdk.gen.js';
import type { NodeEvent, StreamEventsData } from './types.gen.js';

/** Timeout of the stream, in milliseconds: the api sends something at least every 15 s. */
const SILENT_MS = 45_000;
const AGAIN = { firstMs: 500, mostMs: 10_000 };

/** An event, and the reader's position after it. */
export interface FollowedEvent {
  event: NodeEvent;
  /** For `lastEventId`, to continue after this event later. */
  position: string;
}

export interface Following {
  client: Client;
  query?: NonNullable<StreamEventsData['query']>;
  /** Ends the stream. */
  signal?: AbortSignal;
  /** The last position of an earlier stream: events since then come first. */
  lastEventId?: string;
  /** Called if the api no longer has all events since that position, so that displayed data has to be read again. */
  onReset?: () => void;
  /** Called when the connection breaks for a reason that may pass, once until it is open again; it is retried. */
  onTrouble?: (error: unknown) => void;
  /** Whether an error may pass, at an address that has answered before. */
  passes?: (error: unknown) => boolean;
  /** Opens the stream, or throws why it cannot be opened. */
  open?: (request: Request) => Promise<Response>;
  /** The error for an answer that is not a stream of events. */
  failureOf?: (response: Response | undefined, said: unknown) => unknown;
}

/**
 * Follows events until the signal is aborted. A broken connection is reopened, without missing events that the api still has,
 * since events are followed over days and have to survive restarts of the api.
 * @throws RollcallError if the api refuses, or cannot be reached at the start
 */
export async function* followEvents(following: Following): AsyncGenerator<FollowedEvent, void> {
  const { client, query, signal, passes = mayPass, onTrouble, onReset } = following;
  const { open = (request) => openStream(client, request) } = following;
  const { failureOf = (response, said) => errorOf(said, response) } = following;
  let position = following.lastEventId ?? '';
  let [isKnown, isToldOf, tries] = [false, false, 0];
  const stands = () => {
    [isToldOf, tries] = [false, 0];
  };
  const isOver = () => signal?.aborted ?? false;
  while (!isOver()) {
    const silence = new AbortController();
    let patience = setTimeout(() => silence.abort(), SILENT_MS);
    let refusal: { why: unknown } | undefined;
    let [kind, response]: [string?, Response?] = [];
    const { stream } = await streamEvents({
      client,
      ...(query === undefined ? {} : { query }),
      ...(position === '' ? {} : { headers: { 'last-event-id': position } }),
      signal: AbortSignal.any([silence.signal, ...(signal === undefined ? [] : [signal])]),
      fetch: async (input) => {
        try {
          response = await open(new Request(input));
          isKnown = true;
          return response;
        } catch (why) {
          refusal = { why };
          throw why;
        }
      },
      // The generated client would retry for ever, whatever the api answers.
      sseMaxRetryAttempts: 1,
      onSseEvent: ({ event, id = position }) => {
        clearTimeout(patience);
        patience = setTimeout(() => silence.abort(), SILENT_MS);
        kind = event;
        position = id;
        if (event !== 'node') stands();
      },
    });
    try {
      for await (const event of stream as AsyncIterable<unknown>) {
        if (kind === 'reset') onReset?.();
        if (kind !== 'node') continue;
        if (!isEvent(event)) {
          refusal = { why: await failureOf(response, event) };
          break;
        }
        stands();
        yield { event, position };
      }
    } finally {
      clearTimeout(patience);
      silence.abort();
    }
    if (isOver()) return;
    if (refusal !== undefined) {
      if (!isKnown || !passes(refusal.why)) throw refusal.why;
      if (!isToldOf) onTrouble?.(refusal.why);
      isToldOf = true;
    }
    tries += 1;
    await pause(Math.min(AGAIN.firstMs * 2 ** (tries - 1), AGAIN.mostMs), signal).catch(() => undefined);
  }
}

/** Other fields are not validated, as those of answers are not. */
function isEvent(said: unknown): said is NodeEvent {
  return typeof said === 'object' && said !== null && !Array.isArray(said);
}

function mayPass(error: unknown): boolean {
  return error instanceof RollcallError && error.passes;
}

async function openStream(client: Client, request: Request): Promise<Response> {
  const { fetch: send = globalThis.fetch } = client.getConfig();
  const response = await send(request).catch((why: unknown) => {
    throw errorOf(why, undefined);
  });
  if (response.ok && response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
  throw errorOf(await response.json().catch(() => undefined), response);
}
