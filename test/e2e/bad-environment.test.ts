import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { INSTALLATION, program } from '../../embedded/installation.js';
import { eventually } from '../support/eventually.js';
import { LocalCluster, until } from '../support/cluster/local-cluster.js';
import { SmallDisk } from '../support/small-disk.js';
import { FaultCluster } from '../support/cluster/fault-cluster.js';
import { removeFolder } from '../support/remove-folder.js';

/** A faulty environment: a sentence with the remedy, and the cluster works once it is repaired. */

const STACK = /^\s+at .+:\d+:\d+\)?$/m;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
}, 60_000);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rollcall-bad-'));
  cleanUps.push(() => removeFolder(path));
  return path;
}

function npmStart(home: string, ...args: string[]): LocalCluster {
  const cluster = new LocalCluster(home, args);
  cleanUps.push(async () => {
    cluster.signal('SIGTERM');
    await cluster.exit;
  });
  return cluster;
}

async function run(
  command: string,
  args: string[],
  env = process.env,
): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, out, err };
}

/** Checks every log of the cluster for what must not be in any. */
async function logsOf(home: string): Promise<string> {
  const logs = join(home, 'logs');
  const files = await readdir(logs);
  return (
    await Promise.all(
      files.filter((file) => !/^(mongod|temporal)\./.test(file)).map((file) => readFile(join(logs, file), 'utf8')),
    )
  ).join('\n');
}

test('npm start on a port in use: one sentence, exit code 1, and nothing runs', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleanUps.push(() => other.close());
  const { port } = other.address() as AddressInfo;
  const cluster = npmStart(await folder(), '--port', String(port));
  expect(await cluster.exit).toBe(1);
  expect(cluster.stderr).toBe(
    `The api's port ${port} on 127.0.0.1 is in use by another program; choose another with --port N, or set Orchestrator.API in config.yaml.\n`,
  );
  expect(cluster.stdout).toBe('');
});

test.each(['src/api.main.js', 'src/worker.main.js', 'agent/main.js', 'embedded/main.js'])(
  '%s with an unknown key in its configuration: one sentence, exit code 2',
  async (main) => {
    const home = await folder();
    const file = join(home, 'config.yaml');
    await writeFile(file, 'Orchestrator:\n  NodeManager:\n    DisconectTimeout: 1m\n');
    const { code, out, err } = await run(process.execPath, [
      program(main),
      '--config',
      file,
      ...(main.startsWith('embedded') ? ['--home', home] : []),
    ]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^[^\n]*Orchestrator\.NodeManager\.DisconectTimeout[^\n]*Orchestrator\.NodeManager\.DisconnectTimeout[^\n]*\n$/,
    );
  },
);

describe('missing servers', () => {
  test('at the start, and no api for the agent: all wait, say so, and work as soon as they can', async () => {
    const cluster = await FaultCluster.prepare();
    cleanUps.push(() => cluster.end());
    await cluster.startAgent('node-1');
    await eventually(async () =>
      expect(await cluster.agents.get('node-1')?.log()).toMatch(/cannot join yet, and keeps trying/),
    );
    await Promise.all([cluster.api.start(), cluster.worker.start()]);
    const missing = (mongodb: boolean, temporal: boolean) =>
      eventually(async () => {
        const { status, body } = await cluster.readiness();
        expect({ status, body }).toMatchObject({
          status: mongodb ? 200 : 503,
          body: { ready: mongodb, heartbeats: { ok: mongodb }, mongodb: { ok: mongodb }, temporal: { ok: temporal } },
        });
      });
    await missing(false, false);
    for (const victim of [cluster.api, cluster.worker])
      await eventually(async () => expect(await victim.log()).toMatch(/"msg":"MongoDB does not answer; trying again"/));

    await cluster.mongod.start();
    await missing(true, false);
    // The database knows whose Temporal it is.
    await eventually(async () =>
      expect(await cluster.worker.log()).toMatch(/"msg":"Temporal does not answer; trying again"/),
    );
    await cluster.temporal.start();
    await missing(true, true);
    await cluster.status('node-1', 'HEALTHY', 40_000);

    // And once more while everything works.
    await cluster.temporal.kill();
    await missing(true, false);
    await cluster.temporal.start();
    await missing(true, true);
    await cluster.mongod.kill();
    await missing(false, true);
    const context = join(cluster.home.path, 'context.json');
    await writeFile(context, JSON.stringify({ server: cluster.url, token: cluster.adminToken }), { mode: 0o600 });
    const { code, out, err } = await run(join(INSTALLATION, 'rollcall'), ['node', 'list', '--home', cluster.home.path]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^UNAVAILABLE: [^\n]+\n$/);
    await cluster.mongod.start();
    await missing(true, true);
    await cluster.status('node-1', 'HEALTHY');
    expect(await logsOf(cluster.home.path)).not.toMatch(STACK);
    expect(await logsOf(cluster.home.path)).not.toContain('"stack"');
  }, 120_000);
});

describe('a full disk', () => {
  const disk = SmallDisk.mount(800);
  disk?.unmount();
  const onSmallDisk = disk ? test : test.skip;
  if (!disk) console.warn('The tests of a full disk are skipped: they mount a small one, which takes root.');

  function small(megabytes: number): SmallDisk {
    const mounted = SmallDisk.mount(megabytes);
    if (!mounted) throw new Error('a disk could be mounted a moment ago');
    cleanUps.push(() => mounted.unmount());
    return mounted;
  }

  onSmallDisk('npm start in a home without room: one sentence, exit code 1', async () => {
    const home = join(small(64).path, 'home');
    const cluster = npmStart(home);
    expect(await cluster.exit).toBe(1);
    expect(cluster.stderr).toMatch(
      /^The disk that holds \S+home is full \(\d+ MB left, 500 MB needed\): free some space, or choose another home with --home DIR\.\n$/,
    );
  });

  onSmallDisk('an agent whose state folder has no room: one sentence, and an exit code that says so', async () => {
    const full = small(1);
    const state = join(full.path, 'agent');
    await mkdir(state);
    await full.fill();
    const set = (key: string, value: string) => ['--set', `${key}=${value}`];
    const args = [
      ...set('Compute.Name', 'node-1'),
      ...set('Compute.StateDir', state),
      ...set('Compute.Auth.Token', `rcj_0123456789abcdef_${'a'.repeat(43)}`),
    ];
    const { code, err } = await run(process.execPath, [program('agent/main.js'), ...args]);
    expect(code).toBe(1);
    const last = JSON.parse(err.trim().split('\n').at(-1) ?? '{}') as { level: number; msg: string };
    expect(last).toMatchObject({ level: 60, msg: expect.stringMatching(/disk.*full/) });
    expect(err).not.toMatch(STACK);
  });

  onSmallDisk(
    'a disk that fills up while the cluster runs is told at once; the cluster works again when there is room',
    async () => {
      const filling = small(900);
      const cluster = npmStart(join(filling.path, 'home'), '--agents', '1');
      await cluster.says('node-1: HEALTHY');
      const ours = () => Promise.all(['api', 'worker', 'agent-node-1'].map((component) => cluster.pid(component)));
      const before = await ours();
      await filling.fill();
      await until(
        () => /The disk that holds \S+ is full \(0 MB left/.test(cluster.stderr),
        `it is told: ${cluster.stderr}`,
      );
      filling.free();
      const freed = Date.now();
      const heardAnew = async () => {
        const node = (await cluster.nodes()).find(({ id }) => id === 'node-1');
        return node?.status === 'HEALTHY' && Date.parse(node.lastHeartbeat ?? '') > freed;
      };
      await until(() => heardAnew().catch(() => false), 'node-1 is heard anew');
      // Processes that need no disk have survived, and those that died are reported once.
      expect(await ours()).toEqual(before);
      expect(cluster.stderr.match(/The disk that holds/g)).toHaveLength(1);
      expect(await cluster.interrupt()).toBe(0);
      expect(cluster.stderr).not.toMatch(STACK);
    },
    150_000,
  );
});
