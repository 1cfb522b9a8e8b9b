import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HeartbeatRequest } from '../../../client/index.js';
import { containerCheck } from '../../../agent/fitness/container-check.js';
import { runToEnd } from '../../../agent/fitness/run-program.js';
import { gpuCheck, unitsCheck } from '../../../agent/fitness/tool-checks.js';
import { PATIENCE } from '../../support/patience.mjs';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useAgentProcesses } from '../../support/agent/agent-process.js';
import { isRunning } from '../../support/agent/sessions-of.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';

/** Checks as real programs: good ones, and those that hang, fork, and write without end. */

const never = new AbortController().signal;

async function program(text: string, interpreter = '/bin/sh'): Promise<string> {
  const path = join(await temporaryFolder(), 'check');
  await writeFile(path, `#!${interpreter}\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("an operator's check program", () => {
  const run = async (text: string, timeoutMs = 60_000) =>
    runToEnd({ file: await program(text), args: [], timeoutMs }, never);
  const pidsIn = (output: string) => output.trim().split(/\s+/).map(Number);

  test('reports its output and exit code', async () => {
    expect(await run('echo "all is well"; exit 3')).toMatchObject({ how: 'exited', code: 3, output: 'all is well\n' });
  });

  test('is killed with its children when it hangs beyond its timeout', async () => {
    // Long enough for a busy machine to start it, and it writes before it hangs.
    const ended = await run('sleep 1000 & echo $$ $!; trap "" TERM; wait', 5_000 * PATIENCE);
    expect(ended.how).toBe('timedOut');
    const pids = pidsIn(ended.output);
    expect(pids).toHaveLength(2);
    await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
  });

  test('does not wait for a background child that holds its output open, and kills that child', async () => {
    const ended = await run('sleep 1000 & echo $!; exit 0');
    expect(ended).toMatchObject({ how: 'exited', code: 0 });
    await eventually(() => expect(pidsIn(ended.output).filter(isRunning)).toEqual([]));
  });

  test('is killed when it writes without end, and little of its output is kept', async () => {
    const ended = await run('echo "once upon a time"; exec cat /dev/zero');
    expect(ended.how).toBe('wroteTooMuch');
    expect(ended.output.split('\n')[0]).toBe('once upon a time');
    expect(Buffer.byteLength(ended.output)).toBeLessThanOrEqual(4_096);
  });

  test('is not started when it is missing or not executable', async () => {
    const ends = await Promise.all(
      ['/nowhere/check', '/etc/passwd'].map((file) => runToEnd({ file, args: [], timeoutMs: 60_000 }, never)),
    );
    expect(ends.map(({ how }) => how)).toEqual(['notStarted', 'notStarted']);
  });

  test('inherits no environment but a PATH', async () => {
    process.env['COMPUTE__AUTH__TOKEN'] = 'rcj_secret';
    try {
      const { output } = await run('env');
      expect(output).not.toContain('rcj_secret');
      expect(output).toContain('PATH=');
    } finally {
      delete process.env['COMPUTE__AUTH__TOKEN'];
    }
  });
});

describe("checks of the machine's tools", () => {
  test('name failed units', async () => {
    const systemctl = await program(
      'echo "nginx.service loaded failed failed Web"; echo "x.mount loaded failed failed X"',
    );
    expect(await unitsCheck(0, 60_000, systemctl)(never)).toMatchObject({
      status: 'UNFIT',
      reason: 'UnitsFailed',
      message: '2 failed: nginx.service, x.mount',
    });
    expect(await unitsCheck(2, 60_000, systemctl)(never)).toMatchObject({ status: 'FIT' });
  });

  test.each([
    ['hot', 'echo "0, 95, 0"', 'GpuHot'],
    ['with broken memory', 'echo "0, 40, 0"; echo "1, 41, 7"', 'GpuMemory'],
    ['lost', 'echo "Unable to determine the device handle"; exit 15', 'GpuLost'],
  ])('make the node unfit when a GPU is %s', async (_, text, reason) => {
    expect(await gpuCheck(90, 60_000, await program(text))(never)).toMatchObject({ status: 'UNFIT', reason });
  });

  test('accept GPUs that do not report errors, and miss a GPU that was there before', async () => {
    const nvidia = await program('[ -e "$0.gone" ] || echo "1, 50, 0"; echo "0, 40, [N/A]"');
    const check = gpuCheck(90, 60_000, nvidia);
    expect(await check(never)).toMatchObject({ status: 'FIT', message: '2 GPUs are well' });
    await writeFile(`${nvidia}.gone`, '');
    expect(await check(never)).toMatchObject({ status: 'UNFIT', reason: 'GpuLost' });
  });

  test('report UNKNOWN when a tool is missing or hangs', async () => {
    const missing = { status: 'UNKNOWN', reason: 'NotHere' };
    expect(await gpuCheck(90, 60_000, 'nowhere-nvidia-smi')(never)).toMatchObject(missing);
    expect(await unitsCheck(0, 60_000, 'nowhere-systemctl')(never)).toMatchObject(missing);
    expect(await gpuCheck(90, 200, await program('exec sleep 1000'))(never)).toMatchObject({
      status: 'UNKNOWN',
      reason: 'TimedOut',
    });
  });

  test("require the container runtime's socket to accept connections", async () => {
    const path = join(await temporaryFolder(), 'runtime.sock');
    expect(await containerCheck([path], 60_000)(never)).toMatchObject({ status: 'UNKNOWN', reason: 'NotHere' });
    const server = createServer((socket) => socket.destroy()).listen(path);
    await once(server, 'listening');
    expect(await containerCheck([path], 60_000)(never)).toMatchObject({ status: 'FIT' });
    server.close();
    await once(server, 'close');
    // What a killed runtime leaves behind.
    await writeFile(path, '');
    expect(await containerCheck([path], 60_000)(never)).toMatchObject({ status: 'UNFIT', reason: 'NoConnection' });
  });
});

describe('an agent with checks', () => {
  const start = useAgentProcesses();
  let orchestrator: ScriptedOrchestrator;
  beforeEach(async () => {
    orchestrator = await new ScriptedOrchestrator().start();
  });
  afterEach(async () => {
    await orchestrator.stop();
    expect(orchestrator.malformed).toEqual([]);
  });

  async function configured(checks: object[]): Promise<string> {
    const folder = await temporaryFolder();
    const path = join(folder, 'agent.yaml');
    const Compute = {
      Name: 'node-1',
      Orchestrators: [orchestrator.url],
      StateDir: join(folder, 'state'),
      Auth: { Token: 'rcj_secret' },
      Heartbeat: { Interval: '100ms' },
      Checks: checks,
    };
    await writeFile(path, JSON.stringify({ Compute }));
    return path;
  }
  const run = (...args: string[]) => start(args);
  const beats = () => orchestrator.to('heartbeat').map(({ body }) => body as HeartbeatRequest);
  const told = () => beats().flatMap(({ conditions }) => (conditions ? [conditions] : []));
  const answering = (more: object) =>
    orchestrator.answer(({ path }) =>
      path.endsWith('/heartbeat')
        ? { body: { approval: 'APPROVED', availability: 'ACTIVE', nextHeartbeatMs: 100, commands: false, ...more } }
        : undefined,
    );

  test('keeps beating while a check hangs, reports that it hung, and reports the other checks', async () => {
    answering({ conditionsKept: true });
    const flag = join(await temporaryFolder(), 'broken');
    const scratch = await program(`[ -e ${flag} ] && { echo "scratch is gone"; exit 1; }; echo "scratch is there"`);
    const config = await configured([
      { Name: 'scratch', Executable: scratch, Interval: '1s' },
      { Name: 'hangs', Executable: await program('exec sleep 1000'), Interval: '1s', Timeout: '3s' },
    ]);
    run('--config', config);
    const last = () => Object.fromEntries((told().at(-1) ?? []).map((one) => [one.type, one]));
    await eventually(() => expect(last()['scratch']).toMatchObject({ status: 'FIT', message: 'scratch is there' }));
    // Some beats after it began to hang, and before its timeout.
    const before = beats().length;
    await eventually(() => expect(beats().length).toBeGreaterThan(before + 3));
    await eventually(() => expect(last()['hangs']).toMatchObject({ status: 'UNKNOWN', reason: 'TimedOut' }));
    await writeFile(flag, '');
    await eventually(() =>
      expect(last()['scratch']).toMatchObject({ status: 'UNFIT', message: 'scratch is gone', by: scratch }),
    );
    expect(told().length).toBeLessThan(beats().length);
  });

  test('does not repeat conditions in every heartbeat to an api that does not store them', async () => {
    answering({});
    run('--config', await configured([{ Name: 'fine', Executable: '/bin/true', Interval: '1s' }]));
    await eventually(() => expect(told().at(-1)).toMatchObject([{ status: 'FIT' }]));
    const before = beats().length;
    await eventually(() => expect(beats().length).toBeGreaterThan(before + 10));
    expect(told().length).toBeLessThan(beats().length);
  });

  test("check run reports each check and exits with the worst result; check list shows the running agent's verdicts", async () => {
    answering({ conditionsKept: true });
    const config = await configured([
      { Name: 'good', Executable: await program('echo "all is well"') },
      { Name: 'bad', Executable: await program('echo "it burns"; exit 1'), Interval: '5m' },
      { Name: 'lost', Executable: '/nowhere/check' },
    ]);
    const all = run('check', 'run', '--config', config);
    expect(await all.exited).toBe(1);
    expect(all.stdout.split('\n').map((line) => line.split(/\s{2,}/))).toEqual([
      ['good', 'FIT', 'Passed', 'all is well'],
      ['bad', 'UNFIT', 'ExitCode1', 'it burns'],
      ['lost', 'UNKNOWN', 'NotStarted', expect.stringContaining('ENOENT')],
      [''],
    ]);
    const good = run('check', 'run', 'good', '--config', config);
    expect(await good.exited).toBe(0);
    const unknownName = run('check', 'run', 'other', '--config', config);
    expect(await unknownName.exited).toBe(2);
    expect(unknownName.stderr).toBe('rollcall-agent: Compute.Checks has no check named other\n');
    run('--config', config);
    await eventually(async () => {
      const list = run('check', 'list', '--config', config);
      expect(await list.exited).toBe(0);
      expect(list.stdout).toMatch(/^bad +\S+ +5m +10s +UNFIT +\S+ +it burns$/m);
    });
  });

  test('applies changed checks at SIGHUP', async () => {
    answering({ conditionsKept: true });
    const config = await configured([{ Name: 'before', Executable: '/bin/true' }]);
    const agent = run('--config', config);
    await eventually(() => expect(told().at(-1)).toMatchObject([{ type: 'before', status: 'FIT' }]));
    const text = JSON.stringify({
      Compute: {
        Name: 'node-1',
        Orchestrators: [orchestrator.url],
        StateDir: join(config, '..', 'state'),
        Heartbeat: { Interval: '100ms' },
        Checks: [{ Name: 'after', Executable: '/bin/false' }],
      },
    });
    await writeFile(config, text);
    agent.child.kill('SIGHUP');
    await eventually(() => expect(told().at(-1)).toMatchObject([{ type: 'after', status: 'UNFIT' }]));
  });
});
