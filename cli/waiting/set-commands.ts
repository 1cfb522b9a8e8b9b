import {
  cancelAgentUpdate,
  cancelDrain,
  getAgentUpdate,
  getDrain,
  listAgentUpdates,
  listDrains,
  pauseAgentUpdate,
  pauseDrain,
  resumeAgentUpdate,
  resumeDrain,
} from '../../client/sdk.gen.js';
import type { AgentUpdate, DrainSet } from '../../client/types.gen.js';
import type { Connection } from '../connection/connection.js';
import type { DrainSetWish } from '../../contract/drain-set.js';

/** Drains of sets of nodes, and agent updates: the same commands for different routes. */
export interface SetCommands<View extends DrainSet = DrainSet> {
  /** As in `rollcall drain list`. */
  command: string;
  /** At the beginning of a sentence. */
  what: string;
  /** Shown for an empty list. */
  none: string;
  get(connection: Connection, id: string): Promise<View>;
  list(
    connection: Connection,
    query: { limit: number; cursor?: string },
  ): Promise<{ items: View[]; nextCursor: string | null }>;
  rule(connection: Connection, id: string, wish: DrainSetWish): Promise<View>;
}

export const DRAIN_COMMANDS: SetCommands = {
  command: 'drain',
  what: 'Drain',
  none: 'There has been no drain of a set of nodes.',
  get: (connection, id) => connection.ask(getDrain({ client: connection.client, path: { id } })),
  list: (connection, query) => connection.ask(listDrains({ client: connection.client, query })),
  rule: (connection, id, wish) =>
    connection.ask(
      { pause: pauseDrain, resume: resumeDrain, cancel: cancelDrain }[wish]({
        client: connection.client,
        path: { id },
      }),
    ),
};

export const AGENT_UPDATE_COMMANDS: SetCommands<AgentUpdate> = {
  command: 'agent-update',
  what: 'Agent update',
  none: 'There has been no update of agents.',
  get: (connection, id) => connection.ask(getAgentUpdate({ client: connection.client, path: { id } })),
  list: (connection, query) => connection.ask(listAgentUpdates({ client: connection.client, query })),
  rule: (connection, id, wish) =>
    connection.ask(
      { pause: pauseAgentUpdate, resume: resumeAgentUpdate, cancel: cancelAgentUpdate }[wish]({
        client: connection.client,
        path: { id },
      }),
    ),
};
