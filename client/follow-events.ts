import { errorOf } from './answer.js';
import type { Client } from './client/index.js';
import { pause } from './pause.js';
import { RollcallError } from './problem.js';
import { streamEvents } from './sdk.gen.js';
import type { NodeEvent, StreamEventsData } from './types.gen.js';

/** The api says something at least every 15 s. */
const SILENT_MS = 45_000;
const AGAIN = { firstMs: 500, mostMs: 10_000 };

/** One event, and where the reader is with it. */
export interface FollowedEvent {
  event: NodeEvent;
  /** For `lastEventId`, of a reader that is to go on after it later. */
  position: string;
}

export interface Following {
  client: Client;
  query?: NonNullable<StreamEventsData['query']>;
  /** Ends it. */
  signal?: AbortSignal;
  /** Where the reader was before: what has happened since comes first. */
  lastEventId?: string;
  /** The api knows no longer what happened while nobody followed: read anew what is shown. */
  onReset?: () => void;
  /** The connection broke off for a reason that may pass, and is tried on; told once until it stands again. */
  onTrouble?: (error: unknown) => void;
  /** Whether an error may pass, at an address that has answered before. */
  passes?: (error: unknown) => boolean;
  /** Begins an answer that does not end, or says why there is none. */
  open?: (request: Request) => Promise<Response>;
  /** The error of an answer in which something stands that is no event. */
  failureOf?: (response: Response | undefined, said: unknown) => unknown;
}

/**
 * Events as they happen, until the signal is aborted. Where the connection breaks off it is made again, and nothing is missed that the api still
 * knows: events are followed over days, and an api that restarts does not end that.
 * @throws RollcallError where the api refuses, or was not there to begin with
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
      // It would try again for ever, whatever the api says.
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

/** The other fields are not looked at, as those of answers are not. */
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
