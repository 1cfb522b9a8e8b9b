import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { mongo } from 'mongoose';
import { findBinary } from '../../../embedded/find-binary.js';
import { MONGOD } from '../../../embedded/mongod-binary.js';
import { becomePrimary } from '../../../embedded/run-mongod.js';
import { useInSuite } from '../use-in-suite.js';
import { ServerProcess } from './server-process.js';

export interface Mongod {
  /** Names no database: users of a shared server have databases of their own. */
  uri: string;
  stop(): Promise<void>;
}

/**
 * A test's own mongod, a one-node replica set on a free port, with its files in a temporary folder.
 * @param parameters as for `--setParameter`: `enableTestCommands=1` lets a test make commands fail
 */
export async function startMongod(...parameters: string[]): Promise<Mongod> {
  const server = await start(parameters);
  return { uri: uriOf(server), stop: () => server.stop() };
}

/**
 * The mongod that suites share, one per jest worker: empty at the beginning of each suite.
 * It ends with the run; if it does not answer, another one replaces it.
 */
export async function sharedMongod(): Promise<Mongod> {
  const shared = (await earlier()) ?? { uri: uriOf((await start()).leave()), suite: '' };
  const { testPath: suite = '' } = expect.getState();
  await writeFile(RECORD, JSON.stringify({ ...shared, suite }));
  return { uri: shared.uri, stop: () => Promise.resolve() };
}

/** The shared mongod for the tests of a file. */
export function useMongod(): Mongod {
  return useInSuite(sharedMongod, (mongod) => mongod.stop());
}

/** A mongod of the file's own, with these parameters. */
export function useOwnMongod(...parameters: string[]): Mongod {
  return useInSuite(
    () => startMongod(...parameters),
    (mongod) => mongod.stop(),
  );
}

interface Shared {
  uri: string;
  /** The test file that uses it. */
  suite: string;
}

const RECORD = join(tmpdir(), `shared-mongod-${process.env['JEST_WORKER_ID']}.json`);
const ANSWERS_WITHIN_MS = 10_000;
const OF_MONGOD = ['admin', 'config', 'local'];

/** Undefined if there is none, or none that answers. */
async function earlier(): Promise<Shared | undefined> {
  const client: { current?: mongo.MongoClient } = {};
  try {
    const shared = JSON.parse(await readFile(RECORD, 'utf8')) as Shared;
    client.current = new mongo.MongoClient(shared.uri, {
      serverSelectionTimeoutMS: ANSWERS_WITHIN_MS,
      socketTimeoutMS: ANSWERS_WITHIN_MS,
    });
    if (shared.suite !== expect.getState().testPath) await dropAll(client.current);
    return shared;
  } catch {
    return undefined;
  } finally {
    await client.current?.close();
  }
}

async function dropAll(client: mongo.MongoClient): Promise<void> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) if (!OF_MONGOD.includes(name)) await client.db(name).dropDatabase();
}

async function start(parameters: readonly string[] = []): Promise<ServerProcess> {
  const command = await findBinary(MONGOD);
  const args = (port: number, folder: string) => [
    ...[
      '--dbpath',
      folder,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--replSet',
      'rollcall',
      '--nounixsocket',
    ],
    ...['--wiredTigerCacheSizeGB', '0.5', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
  ];
  const { server } = await ServerProcess.start({ name: 'mongod', command, args }, async (address) => {
    if (!(await becomePrimary(address))) throw new Error('it takes no writes yet');
  });
  return server;
}

function uriOf({ address }: ServerProcess): string {
  return `mongodb://${address}/?replicaSet=rollcall`;
}
