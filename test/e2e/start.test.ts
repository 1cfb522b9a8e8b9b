import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INSTALLATION } from '../../embedded/installation.js';
import { processIdentity } from '../../contract/process/process-identity.js';
import { eventually } from '../support/eventually.js';
import { listeningAddresses } from '../support/listening-addresses.js';
import { LocalCluster, until } from '../support/cluster/local-cluster.js';
import { removeFolder } from '../support/remove-folder.js';

/** The life of one home, from its first start: each test continues where the previous one ended. */

const ALL_HEALTHY = 'node-1, node-2, node-3: HEALTHY';
const COMPONENTS = ['mongod', 'temporal', 'worker', 'api', 'agent-node-1', 'agent-node-2', 'agent-node-3'];

let home: string;
let cluster: LocalCluster;
let uids: string[];
const everStarted = new Set<number>();

const isAlive = (pid: number) => processIdentity(pid) !== undefined;
const pids = () => Promise.all(COMPONENTS.map((component) => cluster.pid(component)));

async function start(): Promise<void> {
  cluster = new LocalCluster(home);
  await cluster.says(ALL_HEALTHY);
  for (const pid of await pids()) everStarted.add(pid);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-start-'));
  const config = {
    Compute: { Heartbeat: { Interval: '500ms' } },
    Orchestrator: { NodeManager: { DisconnectTimeout: '2s', UnknownTimeout: '2s' } },
  };
  await writeFile(join(home, 'config.yaml'), JSON.stringify(config));
});

afterAll(async () => {
  cluster.signal('SIGTERM');
  await cluster.exit;
  for (const pid of everStarted) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await removeFolder(home);
}, 60_000);

test("the first start brings up three HEALTHY nodes and a connected api, and shows the administrator's token", async () => {
  await start();
  // On a busy machine such short timeouts are sometimes missed.
  const nodes = await eventually(async () => {
    const all = await cluster.nodes();
    expect(all.map(({ id, type, approval, status }) => [id, type, approval.value, status])).toEqual([
      ['node-0', 'Requester', 'APPROVED', 'CONNECTED'],
      ['node-1', 'Compute', 'APPROVED', 'HEALTHY'],
      ['node-2', 'Compute', 'APPROVED', 'HEALTHY'],
      ['node-3', 'Compute', 'APPROVED', 'HEALTHY'],
    ]);
    return all;
  });
  uids = nodes.map(({ uid }) => uid);
  expect(cluster.stdout).toMatch(/Administrator +rca_\w+/);
  expect(cluster.stdout).toMatch(/Temporal UI +http:\/\/127\.0\.0\.1:\d+/);
  for (const file of ['context.json', 'secrets/admin-token'])
    expect((await stat(join(home, file))).mode & 0o777).toBe(0o600);
}, 120_000);

(process.platform === 'linux' ? test : test.skip)('nothing of it can be reached from another machine', async () => {
  const heard = await Promise.all(
    COMPONENTS.map(
      async (component) => [component, [...new Set(await listeningAddresses(await cluster.pid(component)))]] as const,
    ),
  );
  const listeners = heard.filter(([, addresses]) => addresses.length > 0);
  expect(listeners.map(([component]) => component)).toEqual(['mongod', 'temporal', 'api']);
  // Temporal's Web UI has a loopback address of its own, which no page in a browser can guess.
  expect(listeners.flatMap(([, addresses]) => addresses).filter((address) => !address.startsWith('127.'))).toEqual([]);
});

test('a second start of the same home is refused', async () => {
  const second = new LocalCluster(home);
  expect(await second.exit).toBe(1);
  expect(second.stderr).toMatch(
    /^Rollcall runs in .* already \(process \d+\); stop that one first, or start a second cluster with --home DIR and --port N\.\n$/,
  );
});

test('a killed agent stays dead and its node becomes UNHEALTHY, then UNKNOWN; restarted by a person it is HEALTHY again', async () => {
  process.kill(await cluster.pid('agent-node-1'), 'SIGKILL');
  const config = join(home, 'agents', 'node-1', 'config.yaml');
  await cluster.says(`To start it again: ./rollcall-agent --config ${config}`);
  await cluster.status('node-1', 'UNHEALTHY');
  await cluster.status('node-1', 'UNKNOWN');
  const agent = spawn(join(INSTALLATION, 'rollcall-agent'), ['--config', config], { stdio: 'ignore' });
  await cluster.status('node-1', 'HEALTHY');
  agent.kill();
  await once(agent, 'exit');
}, 120_000);

test.each(['api', 'worker', 'temporal', 'mongod'])(
  '%s is restarted when it is killed, and the nodes stay',
  async (component) => {
    const earlier = await cluster.pid(component);
    const killedAt = Date.now();
    process.kill(earlier, 'SIGKILL');
    await until(async () => (await cluster.pid(component).catch(() => earlier)) !== earlier, `${component} runs again`);
    everStarted.add(await cluster.pid(component));
    const answers = async () => {
      const node = (await cluster.nodes()).find(({ id }) => id === 'node-2');
      return (await cluster.isReady()) && node?.status === 'HEALTHY' && Date.parse(node.lastHeartbeat ?? '') > killedAt;
    };
    await until(() => answers().catch(() => false), 'the cluster is ready and has heard node-2 anew');
    expect(cluster.stderr).toContain(`${component} was ended by SIGKILL; starting it again in 0.5 s`);
  },
  120_000,
);

test('Ctrl-C ends every process, with exit code 0', async () => {
  const running = (await Promise.all(COMPONENTS.map((component) => cluster.pid(component).catch(() => 0)))).filter(
    (pid) => pid > 0,
  );
  expect(running).toHaveLength(COMPONENTS.length - 1);
  expect(await cluster.interrupt()).toBe(0);
  expect(running.filter(isAlive)).toEqual([]);
}, 60_000);

test('the next start finds the same nodes, and shows no token', async () => {
  await start();
  const nodes = await cluster.nodes();
  expect(nodes.map(({ uid }) => uid)).toEqual(uids);
  expect(cluster.stdout).not.toContain('Administrator');
}, 120_000);

test('a start after the supervisor was killed ends its remains, and finds the same nodes', async () => {
  const left = await pids();
  cluster.signal('SIGKILL');
  await cluster.exit;
  expect(left.filter(isAlive)).toEqual(left);
  await start();
  expect(left.filter(isAlive)).toEqual([]);
  expect((await cluster.nodes()).map(({ uid }) => uid)).toEqual(uids);
}, 120_000);
