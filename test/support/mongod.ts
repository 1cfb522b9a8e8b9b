import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { findBinary } from '../../embedded/find-binary.js';
import { MONGOD } from '../../embedded/mongod-binary.js';

export interface Mongod {
  /** Names no database: suites that share the server use databases of their own. */
  uri: string;
  stop(): Promise<void>;
}

/** A real mongod, a one-node replica set on a free port, its files in a temporary folder. */
export async function startMongod(): Promise<Mongod> {
  const systemBinary = await findBinary(MONGOD);
  const server = await MongoMemoryReplSet.create({
    binary: { systemBinary, version: '6.0.5' },
    replSet: { count: 1, storageEngine: 'wiredTiger' },
    // Ten seconds by default: too few for a machine that runs other tests besides.
    instanceOpts: [{ launchTimeout: 60_000 }],
  });
  return {
    uri: server.getUri(),
    stop: async () => {
      await server.stop({ doCleanup: true, force: true });
    },
  };
}
