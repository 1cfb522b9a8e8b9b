import { mongo } from 'mongoose';
import type { Home } from './home.js';
import { KeptProcess, watchFor, type KeeperListener } from './kept-process.js';

/**
 * Share of the cache that may wait for the next checkpoint, in per cent. Each node's heartbeats and plots change pages of their own, several times
 * in the minute between checkpoints. By default MongoDB starts to write them early, at 5 per cent (2.5 of them changes), and has to
 * read them again for the next heartbeat: with 20,000 nodes that took half a core, and delayed heartbeats.
 */
const LATE_EVICTION =
  'eviction_dirty_target=40,eviction_dirty_trigger=60,eviction_updates_target=20,eviction_updates_trigger=30';
/**
 * Maximum number of points in a bucket of a time series. An open bucket is rewritten with each new point, and at every checkpoint; by default it
 * grows to an hour of a node's heartbeats.
 */
const POINTS_A_BUCKET = 60;
const REPLICA_SET = 'rollcall';
const DATABASE = 'rollcall';
const STOP_WITHIN_MS = 20_000;
const UP_WITHIN_MS = 60_000;

/** A mongod of this home, and how to reach it. */
export interface RunningMongod {
  process: KeptProcess;
  uri: string;
}

/**
 * Runs mongod as a replica set of one (transactions and majority writes need a replica set), on the loopback interface only.
 * @throws StartupError if it does not come up
 */
export async function runMongod(
  home: Home,
  binary: string,
  port: number,
  listener: KeeperListener,
  signal: AbortSignal,
): Promise<RunningMongod> {
  const host = `127.0.0.1:${port}`;
  const spec = { name: 'mongod', command: binary, args: mongodArguments(home, port), stopWithinMs: STOP_WITHIN_MS };
  const process = new KeptProcess(
    home,
    spec,
    listener,
    watchFor(() => becomePrimary(host)),
  );
  try {
    await process.up(() => becomePrimary(host), UP_WITHIN_MS, signal);
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { process, uri: mongodUri(port) };
}

/** The command line of a home's mongod. */
export function mongodArguments(home: Home, port: number): string[] {
  return [
    ...[
      '--dbpath',
      home.mongo,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--replSet',
      REPLICA_SET,
      '--nounixsocket',
    ],
    // A maximum, used only as data come. The default is half of the machine's memory.
    ...[
      '--wiredTigerCacheSizeGB',
      '2',
      '--wiredTigerEngineConfigString',
      LATE_EVICTION,
      '--setParameter',
      'diagnosticDataCollectionEnabled=false',
    ],
    ...['--setParameter', `timeseriesBucketMaxCount=${POINTS_A_BUCKET}`],
    // Without this a member waits 15 s for others to take over before it ends, and there are none.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=0'],
    // An api that is killed in the midst of a transaction leaves its node locked for this long. Rollcall's transactions last at most 5 s.
    ...['--setParameter', 'transactionLifetimeLimitSeconds=10'],
  ];
}

/** The connection string of the mongod that listens there. */
export function mongodUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/${DATABASE}?replicaSet=${REPLICA_SET}`;
}

/** Whether the server accepts writes; if not yet, initializes what it lacks. */
export async function becomePrimary(host: string): Promise<boolean> {
  const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 500,
    connectTimeoutMS: 500,
    socketTimeoutMS: 5_000,
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary']) return true;
    await admitItself(admin, host);
    return false;
  } finally {
    await client.close();
  }
}

async function admitItself(admin: mongo.Db, host: string): Promise<void> {
  const members = [{ _id: 0, host }];
  let config: mongo.Document;
  try {
    ({ config } = (await admin.command({ replSetGetConfig: 1 })) as { config: mongo.Document });
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.codeName !== 'NotYetInitialized') throw error;
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
    return;
  }
  // The port has changed since the last start: the set still has its one member at the old one.
  if ((config['members'] as { host: string }[])[0]?.host === host) return;
  await admin.command({
    replSetReconfig: { ...config, version: (config['version'] as number) + 1, members },
    force: true,
  });
}
