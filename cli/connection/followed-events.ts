import { setTimeout as pause } from 'node:timers/promises';
import type { NodeEvent, StreamEventsData } from '../../client/types.gen.js';
import { streamEvents } from '../../client/sdk.gen.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Terminal } from '../process/terminal.js';
import { shownData } from '../output/shown-data.js';
import type { Connection } from './connection.js';

/** The api says something at least every 15 s. */
const SILENT_MS = 45_000;
const AGAIN = { firstMs: 500, mostMs: 10_000 };
/** What passes at an address that has answered before: events are followed over days, and an api that restarts must not end that. */
const PASSES: readonly string[] = ['UNREACHABLE', 'UNAVAILABLE', 'TIMEOUT', 'TOO_MANY_REQUESTS', 'NO_API'];

export interface Following {
  connection: Pick<Connection, 'client' | 'openStream'>;
  query: NonNullable<StreamEventsData['query']>;
  terminal: Pick<Terminal, 'stderr'>;
  interruption: AbortSignal;
}

/**
 * Events as they happen. Where the connection breaks off it is made again, and nothing is missed that the api still knows.
 * @throws CliFailure where the api refuses or was not there to begin with, and on Ctrl-C
 */
export async function* followedEvents(following: Following): AsyncGenerator<NodeEvent, never> {
  const { connection, query, terminal, interruption } = following;
  let isKnown = false;
  let isToldOf = false;
  let position = '';
  let tries = 0;
  for (;;) {
    const silence = new AbortController();
    const patience = setTimeout(() => silence.abort(), SILENT_MS);
    let failure: unknown;
    let kind: string | undefined;
    const { stream } = await streamEvents({
      client: connection.client,
      query,
      ...(position === '' ? {} : { headers: { 'last-event-id': position } }),
      signal: AbortSignal.any([interruption, silence.signal]),
      fetch: async (input) => {
        const response = await connection.openStream(new Request(input));
        tries = 0;
        isKnown = true;
        isToldOf = false;
        return response;
      },
      // It would try again for ever, whatever the api says.
      sseMaxRetryAttempts: 1,
      onSseError: (error) => (failure = error),
      onSseEvent: ({ event, id = position }) => {
        patience.refresh();
        kind = event;
        position = id;
      },
    });
    try {
      for await (const data of stream) {
        if (kind === 'reset')
          terminal.stderr.write('What happened meanwhile is no longer known: nodes may have changed\n');
        else if (kind === 'node') yield shownData(data);
      }
    } finally {
      clearTimeout(patience);
      silence.abort();
    }
    if (interruption.aborted) throw interrupted();
    if (failure instanceof CliFailure) {
      if (!isKnown || !PASSES.includes(failure.code)) throw failure;
      if (!isToldOf) terminal.stderr.write(`${failure.sentence()} (trying on)\n`);
      isToldOf = true;
    }
    tries += 1;
    await pause(Math.min(AGAIN.firstMs * 2 ** (tries - 1), AGAIN.mostMs), undefined, { signal: interruption }).catch(
      () => {
        throw interrupted();
      },
    );
  }
}

function interrupted(): CliFailure {
  return new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'no longer following');
}
