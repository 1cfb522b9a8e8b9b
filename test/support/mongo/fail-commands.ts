import type { Connection } from 'mongoose';

/** How a command fails: https://github.com/mongodb/specifications, "transactions/tests", on `failCommand`. */
export interface CommandFailure {
  failCommands?: string[];
  errorCode?: number;
  errorLabels?: string[];
  closeConnection?: boolean;
  blockConnection?: boolean;
  blockTimeMS?: number;
}

/** Makes a mongod that was started with `enableTestCommands=1` fail or delay commands of every client, until {@link failNoCommands}. */
export async function failCommands(connection: Connection, data: CommandFailure): Promise<void> {
  await admin(connection).command({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
}

export async function failNoCommands(connection: Connection): Promise<void> {
  await admin(connection).command({ configureFailPoint: 'failCommand', mode: 'off' });
}

function admin(connection: Connection) {
  return connection.getClient().db('admin');
}
