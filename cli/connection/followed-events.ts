import type { NodeEvent, StreamEventsData } from '../../client/types.gen.js';
import { followEvents } from '../../client/follow-events.js';
import { CliFailure, EXIT_CODE, mayPass } from '../process/cli-failure.js';
import type { Terminal } from '../process/terminal.js';
import { shownData } from '../output/shown-data.js';
import type { Connection } from './connection.js';

interface FollowingCall {
  connection: Pick<Connection, 'client' | 'openStream' | 'failureOf'>;
  query: NonNullable<StreamEventsData['query']>;
  terminal: Pick<Terminal, 'stderr'>;
  interruption: AbortSignal;
}

/**
 * Follows events, over connections that may break.
 * @throws CliFailure if the api refuses or cannot be reached at the start, and on Ctrl-C
 */
export async function* followedEvents(following: FollowingCall): AsyncGenerator<NodeEvent, never> {
  const { connection, query, terminal, interruption } = following;
  const events = followEvents({
    client: connection.client,
    query,
    signal: interruption,
    open: (request) => connection.openStream(request),
    failureOf: (response, said) => connection.failureOf(response, said),
    passes: mayPass,
    onTrouble: (failure) => terminal.stderr.write(`${(failure as CliFailure).sentence()} (trying on)\n`),
    onReset: () => terminal.stderr.write('What happened meanwhile is no longer known: nodes may have changed\n'),
  });
  for await (const { event } of events) yield shownData(event);
  throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'no longer following');
}
