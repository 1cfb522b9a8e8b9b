import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { findBinary } from '../../../embedded/find-binary.js';
import { MONGOD } from '../../../embedded/mongod-binary.js';
import type { Certificate } from '../certificates.js';
import type { Mongod } from './mongod.js';
import { ServerProcess } from './server-process.js';

const REPLICA_SET = 'rollcall';

export interface TlsMongod extends Mongod {
  port: number;
  replicaSet: string;
}

interface Place {
  /** Host of the members: the loopback address. */
  host?: string;
  /** A command that runs it. */
  within?: readonly string[];
}

/** A real mongod that accepts only TLS and certificates of one authority, with client certificates as users. */
export async function startTlsMongod(
  folder: string,
  { authority, server, client }: { authority: Certificate; server: Certificate; client: Certificate },
  { host, within = [] }: Place = {},
): Promise<TlsMongod> {
  const pair = join(folder, 'mongod.pem');
  await writeFile(pair, (await Promise.all([server.certFile, server.keyFile].map((file) => readFile(file)))).join(''));
  const args = (port: number, data: string) => [
    ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', REPLICA_SET, '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', '0.5', '--tlsMode', 'requireTLS'],
    ...['--tlsCertificateKeyFile', pair, '--tlsCAFile', authority.certFile],
  ];
  const [command, ...before] = [...within, await findBinary(MONGOD)];
  const { server: mongod } = await ServerProcess.start(
    { name: 'mongod', command, args: (port, data) => [...before, ...args(port, data)] },
    async (address) => {
      const operator = await mongo.MongoClient.connect(`mongodb://${address}/?directConnection=true`, {
        tls: true,
        ca: await readFile(authority.certFile),
        cert: await readFile(client.certFile),
        key: await readFile(client.keyFile),
        serverSelectionTimeoutMS: 2_000,
      });
      try {
        await setUp(operator, host === undefined ? address : `${host}:${address.split(':')[1]}`);
      } finally {
        await operator.close();
      }
    },
  );
  return {
    uri: `mongodb://${mongod.address}/?replicaSet=${REPLICA_SET}`,
    port: mongod.port,
    replicaSet: REPLICA_SET,
    stop: () => mongod.stop(),
  };
}

/** Throws until it is primary. */
async function setUp(operator: mongo.MongoClient, address: string): Promise<void> {
  const admin = operator.db('admin');
  await admin
    .command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host: address }] } })
    .catch((error: mongo.MongoServerError) => {
      if (error.codeName !== 'AlreadyInitialized') throw error;
    });
  if (!(await admin.command({ hello: 1 }))['isWritablePrimary']) throw new Error('it takes no writes yet');
  await operator.db('$external').command({
    createUser: 'CN=client',
    roles: [
      { role: 'readWriteAnyDatabase', db: 'admin' },
      { role: 'clusterMonitor', db: 'admin' },
    ],
  });
}
