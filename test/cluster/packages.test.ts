import { execFile, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INSTALLATION } from '../../embedded/installation.js';
import { mintToken } from '../../src/auth/secret-token.js';
import { eventually } from '../support/eventually.js';
import { InstalledSystem, whyNoInstalledSystem } from '../support/installed-system.js';
import { SystemdSocket, whyNoSystemdSocket } from '../support/systemd-socket.js';
import { useMongod } from '../support/servers/mongod.js';
import { useInSuite } from '../support/use-in-suite.js';
import { removeFolder } from '../support/remove-folder.js';

/** `npm run package` for real: the packages are installed with dpkg, started by their units, and let a machine join. */

const execute = promisify(execFile);
const BUILT_WITHIN_MS = 15 * 60_000;
const packages = await mkdtemp(join(tmpdir(), 'rollcall-built-'));
const whyNot = whyNoInstalledSystem();
const installed = whyNot === undefined ? describe : describe.skip;
const skipped = whyNot === undefined ? '' : ` (skipped: ${whyNot})`;

const build = (out: string, ...names: string[]) =>
  execute(process.execPath, [join(INSTALLATION, 'packaging', 'main.mjs'), '--out', out, ...names], {
    cwd: INSTALLATION,
    env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
  });

beforeAll(() => build(packages), BUILT_WITHIN_MS);
afterAll(() => removeFolder(packages));

const named = async (start: string, end: string) => {
  const name = (await readdir(packages)).find((file) => file.startsWith(start) && file.endsWith(end));
  if (name === undefined) throw new Error(`there is no package ${start}…${end}`);
  return name;
};

test(
  'a source makes exactly one package',
  async () => {
    const again = await mkdtemp(join(tmpdir(), 'rollcall-again-'));
    await build(again, 'rollcall-cli', 'rollcall-agent');
    const lines = async (folder: string) => (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).split('\n');
    expect(await lines(packages)).toEqual(expect.arrayContaining(await lines(again)));
    await removeFolder(again);
  },
  BUILT_WITHIN_MS,
);

test.each(['rollcall-cli', 'rollcall-agent', 'rollcall-control-plane'])(
  '%s contains no path of this machine',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-unpacked-'));
    await execute('dpkg-deb', ['--extract', join(packages, await named(name, '.deb')), folder]);
    const { stdout } = await execute('grep', ['-rlF', INSTALLATION, folder]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout.replaceAll(folder, '')).toBe('');
    await removeFolder(folder);
  },
);

test('the command is one file that runs anywhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-alone-'));
  await cp(join(packages, await named('rollcall-0', '')), join(folder, 'rollcall'));
  const run = (...words: string[]) => execute(join(folder, 'rollcall'), words, { cwd: folder, env: { HOME: folder } });
  const { version } = JSON.parse(await readFile(join(INSTALLATION, 'package.json'), 'utf8')) as { version: string };
  expect((await run('version')).stdout).toBe(`rollcall ${version}\n`);
  expect((await run('man')).stdout).toContain('.SS "rollcall node approve');
  for (const shell of ['bash', 'zsh', 'fish'])
    expect((await run('completion', shell)).stdout).toContain('rollcall complete');
  await expect(run('node', 'list', '--server', 'http://127.0.0.1:9')).rejects.toMatchObject({ code: 4 });
  await removeFolder(folder);
});

installed(`on a machine of Debian${skipped}`, () => {
  const mongod = useMongod();
  const system = useInSuite(
    () => InstalledSystem.open(packages),
    (opened) => opened.close(),
  );
  const running: ChildProcess[] = [];
  const adminToken = mintToken('rca').text;
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
  });

  /** Starts a service by the commands of its installed unit, without systemd. */
  async function startUnit(name: string, env: Record<string, string> = {}): Promise<ChildProcess & { said: string }> {
    const unit = await system.sh(`cat /usr/lib/systemd/system/${name}.service`);
    const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
    const set = Object.fromEntries(
      [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
    );
    const child = Object.assign(system.start(line, { ...set, ...env }), { said: '' });
    child.stderr?.on('data', (chunk) => (child.said += String(chunk)));
    running.push(child);
    return child;
  }

  async function stop(child: ChildProcess): Promise<void> {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }

  const rollcall = (words: string, url: string) =>
    system.sh(`rollcall ${words} --server ${url} --token-file /etc/rollcall/admin`);

  test('the command includes its manual page and completion', async () => {
    await system.sh(`dpkg -i /srv/packages/${await named('rollcall-cli', '.deb')}`);
    expect(await system.sh('man --local-file /usr/share/man/man1/rollcall.1.gz')).toContain('rollcall node deactivate');
    expect(
      await system.sh("bash -c 'source /usr/share/bash-completion/completions/rollcall && complete -p rollcall'"),
    ).toContain('rollcall');
  });

  test('units are valid for systemd-analyze, and hardened', async () => {
    await system.sh(
      `dpkg -i /srv/packages/${await named('rollcall-control-plane', '.deb')} /srv/packages/${await named('rollcall-agent', '.deb')}`,
    );
    for (const [unit, exposure] of [
      ['rollcall-agent', 25],
      ['rollcall-api', 20],
      ['rollcall-worker', 20],
    ] as const) {
      const path = `/usr/lib/systemd/system/${unit}.service`;
      expect([unit, await system.sh(`systemd-analyze verify ${path} 2>&1`)]).toEqual([unit, '']);
      await system.sh(`systemd-analyze security --offline=true --threshold=${exposure} ${path}`);
    }
    await system.sh('dpkg -P rollcall-agent');
  });

  test('an api from its package lets a machine join by its install command, and provides the agent', async () => {
    await system.sh('mkdir -p /etc/rollcall');
    const write = (path: string, text: string) => system.sh(`cat > ${path} <<'END'\n${text}\nEND`);
    await write('/etc/rollcall/admin', adminToken);
    await write(
      '/etc/rollcall/config.yaml',
      `Orchestrator: {Temporal: {Address: '127.0.0.1:9'}, API: {Port: 0, PackagesDir: /srv/packages}, Auth: {AdminTokenFile: /etc/rollcall/admin}, Name: api-1}\nCompute: {Heartbeat: {Interval: 1s}}`,
    );
    const socket = whyNoSystemdSocket() === undefined ? await SystemdSocket.open(join(packages, 'notify')) : undefined;
    const secret = { ORCHESTRATOR__MONGODB__URI: new URL('/packages', mongod.uri).href };
    const api = await startUnit('rollcall-api', {
      ...secret,
      ...(socket && { NOTIFY_SOCKET: '/srv/packages/notify', WATCHDOG_USEC: '2000000' }),
    });
    const url = await eventually(() => {
      const [, found] = /"url":"([^"]+)","msg":"listening"/.exec(api.said) ?? [];
      if (found === undefined) throw new Error(`the api does not listen: ${api.said}`);
      return found;
    });
    if (socket) {
      await eventually(() => expect(socket.messages[0]).toBe(`READY=1 STATUS=listens at ${url}`));
      await eventually(() =>
        expect(socket.messages.filter((message) => message === 'WATCHDOG=1').length).toBeGreaterThan(2),
      );
      await socket.close();
    }
    const worker = await startUnit('rollcall-worker', secret);
    const command = await eventually(() => rollcall('node register node-1 --format command', url));
    const said = await system.sh(`{ ${command.trim()} ; } 2>&1`);
    expect(said).toContain('this machine is a node: node-1');
    expect(await rollcall('node list', url)).toMatch(/^node-1 /m);
    expect(await system.sh("dpkg-query -W -f '${Status}' rollcall-agent")).toBe('install ok installed');
    expect(await system.sh('rollcall-agent --status --config /etc/rollcall/agent.yaml')).toContain(
      '"heartbeatTaken":true',
    );
    expect(await system.sh(`{ ${command.trim()} ; } 2>&1`)).not.toContain('fetching');

    // The agent that the installer left running, then the one that the unit would start.
    await system.sh('kill $(sed \'s/.*"pid":\\([0-9]*\\).*/\\1/\' /var/lib/rollcall-agent/agent.lock)');
    await eventually(() => expect(system.sh('test ! -e /var/lib/rollcall-agent/agent.lock')).resolves.toBe(''));
    const agent = await startUnit('rollcall-agent');
    await eventually(async () =>
      expect(await system.sh('rollcall-agent --status --config /etc/rollcall/agent.yaml')).toContain(
        '"heartbeatTaken":true',
      ),
    );
    for (const child of [agent, worker, api]) await stop(child);
  });

  test('a removed package leaves configuration and state, and a purged one nothing', async () => {
    await system.sh('dpkg -r rollcall-agent rollcall-control-plane rollcall-cli');
    const state = /^\/(var\/lib\/rollcall-agent|var\/log\/rollcall-agent\.log|etc\/rollcall)(\/|$)/;
    const left = await system.leftFiles();
    expect(left).toContain('/var/lib/rollcall-agent/identity.json');
    expect(left.filter((path) => !state.test(path))).toEqual([]);
    await system.sh('rm /etc/rollcall/admin');
    await system.sh('dpkg -P rollcall-agent rollcall-control-plane rollcall-cli');
    expect(await system.leftFiles()).toEqual([]);
  });
});

installed(`where systemd is the first process${skipped}`, () => {
  const system = useInSuite(
    () => InstalledSystem.boot(packages),
    (opened) => opened.close(),
  );
  const property = (unit: string, name: string) => system.sh(`systemctl show --property ${name} --value ${unit}`);

  beforeAll(async () => {
    await system.sh(
      `dpkg -i /srv/packages/${await named('rollcall-control-plane', '.deb')} /srv/packages/${await named('rollcall-agent', '.deb')}`,
    );
    const write = (path: string, text: string) =>
      system.sh(`mkdir -p /etc/rollcall; cat > ${path} <<'END'\n${text}\nEND`);
    await write(
      '/etc/rollcall/agent.yaml',
      "Compute: {Name: node-1, Orchestrators: ['http://127.0.0.1:8480'], StateDir: /var/lib/rollcall-agent}",
    );
    await write('/etc/rollcall/agent.env', `COMPUTE__AUTH__TOKEN=${mintToken('rcj').text}`);
    await write('/etc/rollcall/config.yaml', "Orchestrator: {Temporal: {Address: '127.0.0.1:9'}, Name: api-1}");
    const secret = 'ORCHESTRATOR__MONGODB__URI=mongodb://127.0.0.1:9/rollcall?replicaSet=none';
    for (const unit of ['api', 'worker']) await write(`/etc/rollcall/${unit}.env`, secret);
  });

  test.each(['rollcall-agent', 'rollcall-api', 'rollcall-worker'])(
    '%s runs with everything that its unit forbids, reports that it is ready, and stops gracefully',
    async (unit) => {
      // Returns when the service has reported that it is ready.
      await system.sh(`systemctl start ${unit}`);
      expect(await property(unit, 'ActiveState')).toBe('active\n');
      expect(await property(unit, 'StatusText')).not.toBe('\n');
      expect(await property(unit, 'User')).not.toBe('root\n');
      await system.sh(`systemctl stop ${unit}`);
      expect([unit, await property(unit, 'Result')]).toEqual([unit, 'success\n']);
    },
  );

  test('a hanging agent is killed by its watchdog and restarted', async () => {
    await system.sh(
      'mkdir -p /run/systemd/system/rollcall-agent.service.d; printf "[Service]\\nWatchdogSec=4s\\nRestartSec=1\\n" > /run/systemd/system/rollcall-agent.service.d/test.conf; systemctl daemon-reload; systemctl start rollcall-agent',
    );
    const pid = (await property('rollcall-agent', 'MainPID')).trim();
    await system.sh(`kill -STOP ${pid}`);
    await eventually(async () => {
      expect(await property('rollcall-agent', 'NRestarts')).not.toBe('0\n');
      expect(await property('rollcall-agent', 'ActiveState')).toBe('active\n');
    });
    expect((await property('rollcall-agent', 'MainPID')).trim()).not.toBe(pid);
  });

  test('a removed package is stopped first', async () => {
    await system.sh('dpkg -P rollcall-agent');
    expect(await property('rollcall-agent', 'ActiveState')).toBe('inactive\n');
  });
});
