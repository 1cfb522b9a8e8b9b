import { findBinary } from '../../embedded/find-binary.js';
import { MONGOD } from '../../embedded/mongod-binary.js';
import { becomePrimary } from '../../embedded/run-mongod.js';
import { ServerProcess } from './server-process.js';

export interface Mongod {
  /** Names no database: suites that share the server use databases of their own. */
  uri: string;
  stop(): Promise<void>;
}

/** A real mongod, a one-node replica set on a free port, its files in a temporary folder. */
export async function startMongod(): Promise<Mongod> {
  const command = await findBinary(MONGOD);
  const args = (port: number, folder: string) => [
    ...['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'rollcall', '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', '0.5', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
  const { server } = await ServerProcess.start({ name: 'mongod', command, args }, async (address) => {
    if (!(await becomePrimary(address))) throw new Error('it takes no writes yet');
  });
  return { uri: `mongodb://${server.address}/?replicaSet=rollcall`, stop: () => server.stop() };
}
