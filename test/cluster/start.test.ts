import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { getCluster, listNodes } from '../../client/index.js';
import { processIdentity } from '../../contract/process/process-identity.js';
import { INSTALLATION } from '../../embedded/installation.js';
import { eventually } from '../support/eventually.js';
import { listeningAddresses } from '../support/listening-addresses.js';
import { useInSuite } from '../support/use-in-suite.js';
import { ProductionCluster } from './production-cluster.js';

/** The life of a home of `npm run cluster`: each test continues where the previous one ended. */

const AGENTS = 2;
const execute = promisify(execFile);
const cluster = useInSuite(
  () => ProductionCluster.start(AGENTS, {}),
  (running) => running.end(),
);

const PROCESSES = [
  'mongodb-1',
  'mongodb-2',
  'mongodb-3',
  'postgres',
  'temporal',
  'worker-1',
  'worker-2',
  'api-1',
  'api-2',
  'proxy',
  'agent-node-1',
  'agent-node-2',
];
const pids = () => Promise.all(PROCESSES.map((name) => cluster.pid(name)));
const isAlive = (pid: number) => processIdentity(pid) !== undefined;
const nodes = async () => (await listNodes({ client: cluster.admin })).data?.items ?? [];

test('it has two apis, two workers and its agents, which beat through the proxy', async () => {
  expect((await nodes()).map(({ id, type, status }) => [id, type, status])).toEqual([
    ['api-1', 'Requester', 'CONNECTED'],
    ['api-2', 'Requester', 'CONNECTED'],
    ['node-1', 'Compute', 'HEALTHY'],
    ['node-2', 'Compute', 'HEALTHY'],
  ]);
  expect((await getCluster({ client: cluster.admin })).response?.status).toBe(200);
});

test("its api has no warnings about MongoDB's settings", async () => {
  const log = await cluster.log('api-1');
  expect(log).toContain('"msg":"connected to MongoDB"');
  expect(log).not.toMatch(/"parameter":/);
});

test('it listens at loopback addresses only', async () => {
  const addresses = (await Promise.all((await pids()).map((pid) => listeningAddresses(pid)))).flat();
  expect(addresses.length).toBeGreaterThan(10);
  expect(addresses.filter((address) => !address.startsWith('127.'))).toEqual([]);
});

test('the command finds it by its home, and trusts its authority', async () => {
  const { stdout } = await execute(join(INSTALLATION, 'rollcall'), ['node', 'list', '--home', cluster.home.path]);
  expect(stdout).toContain('node-2  Compute    APPROVED  HEALTHY');
});

test('MongoDB and PostgreSQL let nobody in without a password', async () => {
  const [uri, postgres] = [
    await readFile(join(cluster.home.path, 'secrets', 'mongodb-uri'), 'utf8'),
    await cluster.log('postgres'),
  ];
  expect(uri).toMatch(/^mongodb:\/\/rollcall:[0-9a-f]{64}@/);
  await expect(cluster.withoutPassword()).rejects.toThrow(/requires authentication/i);
  expect(postgres).toContain('database system is ready');
});

test('no log contains a secret', async () => {
  const logs = await Promise.all(['api-1', 'api-2', 'worker-1', 'proxy', 'temporal'].map((name) => cluster.log(name)));
  for (const secret of await readdir(join(cluster.home.path, 'secrets'))) {
    if (!/token|password/.test(secret)) continue;
    const value = (await readFile(join(cluster.home.path, 'secrets', secret), 'utf8')).trim();
    expect([secret, logs.some((log) => log.includes(value))]).toEqual([secret, false]);
  }
});

test('Ctrl-C ends every process, and the next start finds the same nodes', async () => {
  const uids = (await nodes()).map(({ uid }) => uid);
  const before = await pids();
  expect(await cluster.interrupt()).toBe(0);
  expect(before.filter(isAlive)).toEqual([]);
  await cluster.startSupervisor();
  await eventually(async () => expect((await nodes()).map(({ uid }) => uid)).toEqual(uids));
});

test('--fresh deletes everything except the configuration', async () => {
  const [{ uid } = { uid: '' }] = await nodes();
  expect(await cluster.interrupt()).toBe(0);
  await cluster.startSupervisor('--fresh');
  await cluster.open();
  const now = await nodes();
  expect(now.map(({ id }) => id)).toEqual(['api-1', 'api-2', 'node-1', 'node-2']);
  expect(now.map((node) => node.uid)).not.toContain(uid);
});
