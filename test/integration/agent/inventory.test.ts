import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Systeminformation } from 'systeminformation';
import { nodeInfoSchema } from '../../../contract/schemas/agents.js';
import { machineAsker } from '../../../agent/info/ask-machine.js';
import { describeDisks } from '../../../agent/info/disks.js';
import { describeGpus } from '../../../agent/info/gpus.js';
import { Inventory } from '../../../agent/info/inventory.js';
import type { AskMachine, Question } from '../../../agent/info/probes.js';
import { reportable } from '../../../agent/process/reportable.js';
import { machineReaders } from '../../../agent/resources/machine-readers.js';
import { MachineResources } from '../../../agent/resources/machine-resources.js';
import { processIdentity } from '../../../contract/process/process-identity.js';
import { program } from '../../../embedded/installation.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MIB = 1_048_576;
type Controller = Systeminformation.GraphicsControllerData;

const NVIDIA: Controller = {
  vendor: 'NVIDIA Corporation',
  model: 'GA100 [A100]',
  name: 'NVIDIA A100-SXM4-40GB',
  bus: 'PCI',
  busAddress: '07:00.0',
  vram: 40_960,
  vramDynamic: false,
  memoryTotal: 40_960,
  memoryUsed: 1_024,
  utilizationGpu: 37,
};
const AMD: Controller = {
  vendor: 'AMD',
  model: 'Navi 31',
  bus: 'PCI',
  busAddress: '03:00.0',
  vram: null,
  vramDynamic: true,
};
const CONSOLE: Controller = {
  vendor: 'ASPEED Technology, Inc.',
  model: 'ASPEED Graphics Family',
  bus: 'PCI',
  vram: 16,
  vramDynamic: false,
};

const ANSWERS = {
  cpu: { manufacturer: 'Intel', brand: 'Xeon', vendor: 'GenuineIntel', physicalCores: 2, cores: 4 },
  osInfo: { platform: 'linux', distro: 'Debian', release: '12', kernel: '6.1', arch: 'x64' },
  fsSize: [{ fs: '/dev/sda1', type: 'ext4', size: 100, used: 1, available: 1, use: 1, mount: '/', rw: true }],
  networkConnections: [
    { protocol: 'tcp4', state: 'ESTABLISHED' },
    { protocol: 'tcp6', state: 'ESTABLISHED' },
    { protocol: 'tcp4', state: 'LISTEN' },
    { protocol: 'udp4', state: '' },
  ],
};

/** A machine with these GPUs that answers all probes except `silent`, and counts them. */
function machine(controllers: Controller[] = [], silent = new Set<Question>()) {
  const asked: Question[] = [];
  const answers: Record<Question, unknown> = { ...ANSWERS, graphics: { controllers, displays: [] } };
  const ask = (async (questions: readonly Question[]) => {
    asked.push(...questions);
    return Object.fromEntries(
      questions.map((question) => [
        question,
        silent.has(question) ? { why: 'no answer within 10 s' } : { value: answers[question] },
      ]),
    );
  }) as AskMachine;
  return { asked, ask, silent };
}

const builtAsker = (limitMs?: number) => machineAsker(program('agent/info/probe-process.js'), limitMs);

test('this machine is reported as the contract demands', async () => {
  const info = nodeInfoSchema.parse(
    await new Inventory('1.2.3', builtAsker(60_000), machineReaders(), 'duckdb').collect(),
  );
  expect(info).not.toHaveProperty('unread');
  expect(info.agentVersion).toBe('1.2.3');
  expect(info.os.platform).toBe(process.platform);
  expect(info.os.distribution).not.toBe('');
  expect(info.disks.length).toBeGreaterThan(0);
  expect(info.cpu.usableCores).toBeLessThanOrEqual(info.cpu.logicalCores);
  expect(info.memory.usableBytes).toBeLessThanOrEqual(info.memory.totalBytes);
});

test('a heartbeat starts no process, though the inventory does', async () => {
  let started = 0;
  const count = () => void (started += 1);
  subscribe('child_process', count);
  try {
    const inventory = new Inventory('1', builtAsker(), machineReaders(), 'duckdb');
    await inventory.collect();
    expect(started).toBeGreaterThan(0);
    started = 0;
    const resources = new MachineResources('.', machineReaders(), inventory.slow);
    for (let beat = 0; beat < 5; beat++) await resources.read();
    expect(started).toBe(0);
  } finally {
    unsubscribe('child_process', count);
  }
});

describe('a tool that hangs', () => {
  /** Programs of these names come first on PATH, record their process, and never end. */
  async function hanging(...names: string[]) {
    const folder = await temporaryFolder();
    const pids = join(folder, 'pids');
    for (const name of names)
      await writeFile(join(folder, name), `#!/bin/sh\necho $$ >> ${pids}\nexec sleep 600\n`, { mode: 0o755 });
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}:${path}`;
    return {
      pids: async () => (await readFile(pids, 'utf8')).trim().split('\n').map(Number),
      restore: () => void (process.env['PATH'] = path),
    };
  }

  test('is killed with its children and blocks nobody; its answers are reported as missing, with the reason', async () => {
    const { pids, restore } = await hanging('df', 'lscpu');
    try {
      let ticks = 0;
      const ticking = setInterval(() => (ticks += 1), 20);
      const info = nodeInfoSchema.parse(
        await new Inventory('1', builtAsker(15_000), machineReaders(), 'duckdb').collect(),
      );
      clearInterval(ticking);
      for (const part of ['disks', 'cpu'])
        expect(info.unread).toContainEqual({ part, reason: 'no answer within 15 s' });
      expect(info.cpu.logicalCores).toBeGreaterThan(0);
      expect(info.os.platform).toBe(process.platform);
      expect(ticks).toBeGreaterThan(10);
      for (const pid of await pids()) await eventually(() => expect(processIdentity(pid)).toBeUndefined());
    } finally {
      restore();
    }
  });
});

test('a part that could not be read is read again, and keeps its value until then', async () => {
  const { ask, silent } = machine([NVIDIA]);
  const inventory = new Inventory('1', ask, machineReaders(), 'duckdb', 'linux');
  await inventory.collect();
  silent.add('fsSize').add('graphics');
  const meanwhile = await inventory.collect();
  expect(meanwhile.unread).toEqual([
    { part: 'disks', reason: 'no answer within 10 s' },
    { part: 'gpus', reason: 'no answer within 10 s' },
  ]);
  expect(meanwhile.disks).toHaveLength(1);
  expect(meanwhile.gpus).toHaveLength(1);
  silent.clear();
  expect(await inventory.collect()).not.toHaveProperty('unread');
});

test('constant parts are read once, and a machine without GPUs is not probed for them again', async () => {
  const { asked, ask } = machine();
  const inventory = new Inventory('1', ask, machineReaders(), 'duckdb', 'linux');
  await inventory.collect();
  await inventory.collect();
  expect(asked.toSorted()).toEqual(['cpu', 'fsSize', 'fsSize', 'graphics', 'osInfo']);
});

test('GPUs are read again, since nvidia-smi reports their use', async () => {
  const { asked, ask } = machine([NVIDIA]);
  const inventory = new Inventory('1', ask, machineReaders(), 'duckdb', 'linux');
  await inventory.collect();
  await inventory.collect();
  expect(asked.filter((name) => name === 'graphics')).toHaveLength(2);
  expect(inventory.slow.gpus).toEqual([
    {
      busAddress: '07:00.0',
      use: { index: 0, utilization: 0.37, memoryUsedBytes: 1_024 * MIB, memoryTotalBytes: 40_960 * MIB },
    },
  ]);
});

test('connections are counted here if the kernel keeps no number', async () => {
  const { ask } = machine();
  const inventory = new Inventory('1', ask, machineReaders(), 'duckdb', 'darwin');
  await inventory.collect();
  expect(inventory.slow.connections).toBe(2);
});

describe('GPUs', () => {
  test('exclude adapters that only draw a console', () => {
    const { described } = describeGpus([CONSOLE, AMD, NVIDIA]);
    expect(described).toEqual([
      { index: 0, vendor: 'AMD', model: 'Navi 31', memoryBytes: null },
      { index: 1, vendor: 'NVIDIA Corporation', model: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40_960 * MIB },
    ]);
  });

  test('whose use is unknown are reported without it', () => {
    expect(describeGpus([AMD]).known[0]?.use).toEqual({
      index: 0,
      utilization: null,
      memoryUsedBytes: null,
      memoryTotalBytes: null,
    });
  });
});

test('a filesystem that is mounted several times is one disk, named by its shortest mount point', () => {
  const mount = (fs: string, path: string, size = 100) => ({
    fs,
    type: 'ext4',
    size,
    used: 1,
    available: 1,
    use: 1,
    mount: path,
    rw: true,
  });
  expect(
    describeDisks([
      mount('/dev/sda1', '/etc/hosts'),
      mount('/dev/sda1', '/'),
      mount('/dev/sdb1', '/data'),
      mount('none', '/proc', 0),
    ]),
  ).toEqual([
    { device: '/dev/sda1', mount: '/', filesystem: 'ext4', totalBytes: 100 },
    { device: '/dev/sdb1', mount: '/data', filesystem: 'ext4', totalBytes: 100 },
  ]);
});

test('text from hardware is made safe to show', () => {
  expect(reportable('  Acme\u0000 \u001b[31mFast  ')).toBe('Acme   [31mFast');
  expect(reportable('x'.repeat(300))).toHaveLength(256);
  expect(reportable(undefined)).toBe('');
});
