import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { planFaults } from '../../../agent/sim/fault-plan.js';
import { seededRandom } from '../../../agent/sim/seeded-random.js';
import { SimulatedHardware } from '../../../agent/sim/simulated-hardware.js';
import { nodeInfoSchema } from '../../../contract/schemas/agents.js';
import type {
  SimulationMessage,
  SimulationOrder,
  SimulationPlan,
  SimulationStatus,
  SimulationSummary,
} from '../../../contract/simulation.js';
import { program } from '../../../embedded/installation.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { ApiProcess } from '../../support/api/api-process.js';
import { eventually } from '../../support/eventually.js';
import { sharedMongod, type Mongod } from '../../support/servers/mongod.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The built simulator, as run by `rollcall sim`, against a real api over a real MongoDB. `npm test` builds it first. */

interface HeartbeatRecord {
  _id: string;
  bootId: string | null;
  lastSeen: number;
  earlierBoots?: unknown[];
}
interface NodeRecord {
  _id: string;
  name: string;
  copied?: unknown;
}

let mongod: Mongod;
let client: mongo.MongoClient;
let api: ApiProcess;
let url: string;
let db: mongo.Db;
const joinToken = mintToken('rcj').text;
const started: ChildProcess[] = [];

beforeAll(async () => {
  mongod = await sharedMongod();
  client = await mongo.MongoClient.connect(mongod.uri);
  db = client.db('sim');
  const folder = await temporaryFolder();
  const [adminFile, joinFile] = [join(folder, 'admin'), join(folder, 'join')];
  await Promise.all([writeFile(adminFile, mintToken('rca').text), writeFile(joinFile, joinToken)]);
  const uri = new URL(mongod.uri);
  uri.pathname = '/sim';
  api = new ApiProcess({
    'Orchestrator.API.Port': '0',
    'Orchestrator.Name': 'node-0',
    'Orchestrator.MongoDB.URI': uri.href,
    // Nobody listens there: workflows play no part in this.
    'Orchestrator.Temporal.Address': '127.0.0.1:9',
    'Orchestrator.Auth.AdminTokenFile': adminFile,
    'Orchestrator.Auth.JoinTokenFile': joinFile,
  });
  url = await api.url();
  await eventually(async () => expect(await db.collection('tokens').countDocuments()).toBeGreaterThan(0));
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  api.child.kill('SIGKILL');
  await api.exit;
  await client.close();
  await mongod.stop();
});

class Sim {
  status: SimulationStatus | undefined;
  summary: SimulationSummary | undefined;
  struck: string[] = [];
  readonly exit: Promise<unknown>;
  private readonly child = fork(program('agent/sim/main.js'), [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  });

  constructor(plan: Partial<SimulationPlan>) {
    started.push(this.child);
    this.exit = once(this.child, 'exit').then(([code]: unknown[]) => code);
    this.child.on('message', (message: SimulationMessage) => {
      if (message.kind === 'status') this.status = message.status;
      if (message.kind === 'summary') this.summary = message.summary;
      if (message.kind === 'struck') this.struck = message.nodes;
    });
    const usual = {
      servers: [url],
      joinToken,
      nodes: 10,
      namePrefix: 'sim-',
      labels: { of: 'sim' },
      seed: 7,
      joinsPerSecond: null,
      heartbeatIntervalMs: 1_000,
      infoIntervalMs: 60_000,
      connections: 4,
    };
    this.order({ kind: 'run', plan: { ...usual, faults: [], statusEveryMs: 100, goodbye: false, ...plan } });
  }

  order(order: SimulationOrder): void {
    this.child.send(order);
  }

  /** Applied now, to one node. @returns its name */
  async strike(fault: 'die' | 'clone' | 'return' | 'miss', forMs = 0): Promise<string> {
    this.struck = [];
    this.order({ kind: 'strike', fault, count: 1, forMs });
    return eventually(() => {
      const [name] = this.struck;
      if (name === undefined) throw new Error('nobody was struck');
      return name;
    });
  }

  async until(holds: (status: SimulationStatus) => boolean): Promise<void> {
    await eventually(() => {
      if (!this.status || !holds(this.status)) throw new Error(`not yet: ${JSON.stringify(this.status)}`);
    }, 60_000);
  }
}

async function heartbeatOf(name: string): Promise<HeartbeatRecord> {
  const node = await db.collection<NodeRecord>('nodes').findOne({ name });
  const beat = await db.collection<HeartbeatRecord>('heartbeats').findOne({ _id: node?._id ?? '' });
  if (!beat) throw new Error(`${name} has never beaten`);
  return beat;
}

test('a fleet joins, beats, and suffers the requested faults', async () => {
  const sim = new Sim({ faults: [{ kind: 'skew', share: 0.1, atMs: 0, forMs: 600_000 }] });
  await sim.until(({ joined, beats }) => joined === 10 && beats >= 20);
  expect(
    await db.collection('nodes').countDocuments({ name: /^sim-/, 'info.cpu.vendor': 'simulated', 'labels.key': 'of' }),
  ).toBe(10);

  // One is gone: the record hears no more of it, while others go on.
  const dead = await sim.strike('die');
  await sim.until(({ running }) => running === 9);

  // Another comes back as a new boot of the same node.
  const returned = await sim.strike('return', 300);
  const before = await heartbeatOf(returned);
  await eventually(async () => expect((await heartbeatOf(returned)).bootId).not.toBe(before.bootId), 60_000);

  // The dead node's last heartbeat has been written by now.
  const { lastSeen } = await heartbeatOf(dead);

  // Its agent is cut off but alive, and the same boot goes on.
  const cut = await sim.strike('miss', 1_500);
  const silent = await heartbeatOf(cut);
  await eventually(
    async () => expect((await heartbeatOf(cut)).lastSeen).toBeGreaterThan(silent.lastSeen + 1_500),
    60_000,
  );
  expect((await heartbeatOf(cut)).bootId).toBe(silent.bootId);

  // Two machines with one identity, which the api detects.
  const twin = await sim.strike('clone');
  await eventually(
    async () => expect((await db.collection<NodeRecord>('nodes').findOne({ name: twin }))?.copied).toBeTruthy(),
    60_000,
  );

  expect((await heartbeatOf(dead)).lastSeen).toBe(lastSeen);
  sim.order({ kind: 'stop' });
  expect(await sim.exit).toBe(0);
  expect(sim.summary).toMatchObject({
    nodes: 10,
    joined: 10,
    seed: 7,
    fatal: {},
    faults: { skew: 1, die: 1, return: 1, miss: 1, clone: 1 },
    allJoinedMs: expect.any(Number),
  });
  const { answers, latency } = sim.summary ?? {};
  expect(answers).toMatchObject({
    register: { 201: 10 },
    token: { 200: expect.any(Number), 401: expect.any(Number) },
    heartbeat: { 200: expect.any(Number) },
  });
  expect(latency?.['heartbeat']?.p99).toBeGreaterThan(0);
}, 180_000);

test('a simulated node reports no engine, so that no session is placed on it', async () => {
  const info = await new SimulatedHardware('sim-1', '0.1.0', seededRandom(7)).collect();
  expect(nodeInfoSchema.parse(info).sessionEngine).toBe('none');
});

test('rollcall sim shows its progress on stderr, ends at Ctrl-C, and prints a summary on stdout', async () => {
  const tokenFile = join(await temporaryFolder(), 'token');
  await writeFile(tokenFile, `${joinToken}\n`);
  const args = [
    'sim',
    '--nodes',
    '3',
    '--name-prefix',
    'cli-',
    '--interval',
    '1s',
    '--status-every',
    '200ms',
    '--goodbye',
    '--server',
    url,
    '--join-token-file',
    tokenFile,
  ];
  const child = spawn(process.execPath, [program('cli/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const exit = once(child, 'exit');
  await eventually(() => expect(err).toMatch(/joined 3\/3 {2}running 3 .*register 201×3.*heartbeat 200×\d/), 60_000);
  // The record stores no goodbye of a boot that it has not heard.
  const uids = (await db.collection<NodeRecord>('nodes').find({ name: /^cli-/ }).toArray()).map(({ _id }) => _id);
  await eventually(async () =>
    expect(
      await db.collection<HeartbeatRecord>('heartbeats').countDocuments({ _id: { $in: uids }, lastSeen: { $gt: 0 } }),
    ).toBe(3),
  );
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
  expect(JSON.parse(out)).toMatchObject({ nodes: 3, joined: 3, fatal: {} });
  const said = await db
    .collection<HeartbeatRecord & { saidGoodbyeAt?: number }>('heartbeats')
    .countDocuments({ saidGoodbyeAt: { $exists: true } });
  expect(said).toBe(3);
}, 120_000);

test('the agents end with their parent process', async () => {
  const sim = new Sim({ nodes: 2, namePrefix: 'orphan-' });
  await sim.until(({ joined }) => joined === 2);
  started.at(-1)?.disconnect();
  expect(await sim.exit).toBe(0);
}, 120_000);

test('the seed alone decides which nodes get which fault, and no node gets two', () => {
  const faults = [
    { kind: 'die', share: 0.01, atMs: 0, forMs: 0 },
    { kind: 'miss', share: 0.5, atMs: 0, forMs: 1 },
  ] as const;
  const plan = (seed: number) => planFaults(faults, 50, seededRandom(seed));
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
  const { planned, spared } = plan(1);
  expect(planned.map(({ victims }) => victims.length)).toEqual([1, 25]);
  expect([...planned.flatMap(({ victims }) => victims), ...spared].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, index) => index),
  );
});
