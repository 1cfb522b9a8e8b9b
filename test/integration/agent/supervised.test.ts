import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { SystemdSocket, whyNoSystemdSocket } from '../../support/systemd-socket.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useAgentProcesses } from '../../support/agent/agent-process.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';

/** What a supervisor learns of an agent: systemd by its socket, others by `--status`. */

const start = useAgentProcesses();
let orchestrator: ScriptedOrchestrator;
let folder: string;
let config: string;

beforeEach(async () => {
  orchestrator = await new ScriptedOrchestrator().start();
  folder = await temporaryFolder();
  config = join(folder, 'config.yaml');
  await writeFile(
    config,
    `Compute: {Name: node-1, Orchestrators: ['${orchestrator.url}'], StateDir: ${join(folder, 'state')}, Auth: {Token: rcj_secret}}`,
  );
});
afterEach(async () => {
  await orchestrator.stop();
});

const run = (args: string[], env?: Record<string, string>) => start(['--config', config, ...args], env);

async function status(): Promise<{ code: number | null; out: string; err: string }> {
  const asking = run(['--status']);
  return { code: await asking.exited, out: asking.stdout, err: asking.stderr };
}

const whyNot = whyNoSystemdSocket();
const inSystemd = whyNot === undefined ? describe : describe.skip;
inSystemd(`systemd${whyNot === undefined ? '' : ` (skipped: ${whyNot})`}`, () => {
  test('learns that the agent is ready, its status, that it lives twice per WatchdogSec, and that it stops', async () => {
    const socket = await SystemdSocket.open(join(folder, 'notify'));
    try {
      const agent = run([], { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '400000' });
      await eventually(() => expect(socket.messages).toContain('STATUS=node-1 is active: it may get sessions'));
      expect(socket.messages[0]).toBe('READY=1 STATUS=node-1 has not heard from the api yet');
      await eventually(() =>
        expect(socket.messages.filter((message) => message === 'WATCHDOG=1').length).toBeGreaterThan(3),
      );
      agent.child.kill('SIGTERM');
      expect(await agent.exited).toBe(0);
      expect(socket.messages).toContain('STOPPING=1');
    } finally {
      await socket.close();
    }
  });

  test('is asked for the time of a drain before the end', async () => {
    const socket = await SystemdSocket.open(join(folder, 'notify'));
    try {
      const agent = run(['--set', 'Compute.DrainOnShutdown=10m'], { NOTIFY_SOCKET: socket.path });
      await eventually(() => expect(socket.messages).toContain('STATUS=node-1 is active: it may get sessions'));
      agent.child.kill('SIGTERM');
      expect(await agent.exited).toBe(0);
      expect(socket.messages).toContain('STOPPING=1 EXTEND_TIMEOUT_USEC=630000000');
    } finally {
      await socket.close();
    }
  });

  test('learns that an agent is ready although its api is unreachable', async () => {
    await orchestrator.stop();
    const socket = await SystemdSocket.open(join(folder, 'notify'));
    try {
      run([], { NOTIFY_SOCKET: socket.path });
      await eventually(() => expect(socket.messages[0]).toMatch(/^READY=1 /));
    } finally {
      await socket.close();
    }
  });
});

test('an agent that cannot notify systemd logs it once, with the remedy', async () => {
  const agent = run([], { NOTIFY_SOCKET: join(folder, 'nobody'), WATCHDOG_USEC: '200000', PATH: folder });
  const warnings = () => agent.messages.filter((message) => message.includes('systemd'));
  await eventually(() =>
    expect(warnings()).toEqual([
      'systemd is not told that this service works, and will end it: systemd-notify is not installed; set Type=exec and no WatchdogSec in its unit',
    ]),
  );
  await eventually(() => expect(orchestrator.to('heartbeat').length).toBeGreaterThan(0));
  expect(warnings()).toHaveLength(1);
});

describe('rollcall-agent --status', () => {
  test("prints the agent's status, and exits with 0 if it answers", async () => {
    run([]);
    await eventually(async () => {
      const { code, out } = await status();
      expect(code).toBe(0);
      expect(JSON.parse(out)).toEqual({
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        node: 'node-1',
        heartbeatTaken: true,
        summary: 'node-1 is active: it may get sessions',
        conditions: [],
      });
    });
  });

  test('exits with 0 when the api is unreachable, which is no fault of the agent', async () => {
    run([]);
    await eventually(() => expect(orchestrator.to('heartbeat').length).toBeGreaterThan(0));
    orchestrator.answer(({ path }) => (path.endsWith('/heartbeat') ? { fault: 'break' } : undefined));
    const { code } = await status();
    expect(code).toBe(0);
  });

  test('exits with 1 and names the folder when no agent runs', async () => {
    expect(await status()).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining(
        `no agent answers at ${join(folder, 'state')}: none runs there; name its configuration`,
      ),
    });
  });
});
