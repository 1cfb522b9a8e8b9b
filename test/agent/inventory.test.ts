import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, test } from '@jest/globals';
import si, { type Systeminformation } from 'systeminformation';
import { nodeInfoSchema } from '../../contract/schemas/agents.js';
import { describeDisks } from '../../agent/info/disks.js';
import { describeGpus } from '../../agent/info/gpus.js';
import { Inventory } from '../../agent/info/inventory.js';
import type { Probes } from '../../agent/info/probes.js';
import { reportable } from '../../agent/info/reportable.js';
import { machineReaders } from '../../agent/resources/machine-readers.js';
import { MachineResources } from '../../agent/resources/machine-resources.js';

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
const AMD: Controller = { vendor: 'AMD', model: 'Navi 31', bus: 'PCI', busAddress: '03:00.0', vram: null, vramDynamic: true };
const CONSOLE: Controller = { vendor: 'ASPEED Technology, Inc.', model: 'ASPEED Graphics Family', bus: 'PCI', vram: 16, vramDynamic: false };

/** systeminformation with answers from a list, counting how often each was asked for. */
function probes(controllers: Controller[] = []) {
  const asked: string[] = [];
  const answer = <Value>(name: string, value: unknown) => {
    asked.push(name);
    return Promise.resolve(value as Value);
  };
  const given: Probes = {
    cpu: () => answer('cpu', { manufacturer: 'Intel', brand: 'Xeon', vendor: 'GenuineIntel', physicalCores: 2, cores: 4 }),
    osInfo: () => answer('osInfo', { platform: 'linux', distro: 'Debian', release: '12', kernel: '6.1', arch: 'x64' }),
    fsSize: () => answer('fsSize', []),
    graphics: () => answer('graphics', { controllers, displays: [] }),
    networkConnections: () =>
      answer('networkConnections', [
        { protocol: 'tcp4', state: 'ESTABLISHED' },
        { protocol: 'tcp6', state: 'ESTABLISHED' },
        { protocol: 'tcp4', state: 'LISTEN' },
        { protocol: 'udp4', state: '' },
      ]),
  };
  return { asked, given };
}

test('this very machine, as the contract wants it', async () => {
  const info = nodeInfoSchema.parse(await new Inventory('1.2.3', si, machineReaders(), 'duckdb').collect());
  expect(info.agentVersion).toBe('1.2.3');
  expect(info.os.platform).toBe(process.platform);
  expect(info.cpu.usableCores).toBeLessThanOrEqual(info.cpu.logicalCores);
  expect(info.memory.usableBytes).toBeLessThanOrEqual(info.memory.totalBytes);
});

test('no heartbeat starts a process, though the inventory does', async () => {
  let started = 0;
  const count = () => void (started += 1);
  subscribe('child_process', count);
  try {
    const inventory = new Inventory('1', si, machineReaders(), 'duckdb');
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

test('what cannot change is asked once; a machine without GPUs is not asked for them again', async () => {
  const { asked, given } = probes();
  const inventory = new Inventory('1', given, machineReaders(), 'duckdb', 'linux');
  await inventory.collect();
  await inventory.collect();
  expect(asked.toSorted()).toEqual(['cpu', 'fsSize', 'fsSize', 'graphics', 'osInfo']);
});

test("GPUs are asked again, since nvidia-smi is where their use is read", async () => {
  const { asked, given } = probes([NVIDIA]);
  const inventory = new Inventory('1', given, machineReaders(), 'duckdb', 'linux');
  await inventory.collect();
  await inventory.collect();
  expect(asked.filter((name) => name === 'graphics')).toHaveLength(2);
  expect(inventory.slow.gpus).toEqual([{ busAddress: '07:00.0', use: { index: 0, utilization: 0.37, memoryUsedBytes: 1_024 * MIB, memoryTotalBytes: 40_960 * MIB } }]);
});

test('connections are counted here where the kernel keeps no number', async () => {
  const { given } = probes();
  const inventory = new Inventory('1', given, machineReaders(), 'duckdb', 'darwin');
  await inventory.collect();
  expect(inventory.slow.connections).toBe(2);
});

describe('GPUs', () => {
  test('are numbered without the adapters that only draw a console', () => {
    const { described } = describeGpus([CONSOLE, AMD, NVIDIA]);
    expect(described).toEqual([
      { index: 0, vendor: 'AMD', model: 'Navi 31', memoryBytes: null },
      { index: 1, vendor: 'NVIDIA Corporation', model: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40_960 * MIB },
    ]);
  });

  test('whose use is not known say so', () => {
    expect(describeGpus([AMD]).known[0]?.use).toEqual({ index: 0, utilization: null, memoryUsedBytes: null, memoryTotalBytes: null });
  });
});

test('a filesystem that is mounted in many places is one disk, known by its shortest mount point', () => {
  const mount = (fs: string, path: string, size = 100) => ({ fs, type: 'ext4', size, used: 1, available: 1, use: 1, mount: path, rw: true });
  expect(describeDisks([mount('/dev/sda1', '/etc/hosts'), mount('/dev/sda1', '/'), mount('/dev/sdb1', '/data'), mount('none', '/proc', 0)])).toEqual([
    { device: '/dev/sda1', mount: '/', filesystem: 'ext4', totalBytes: 100 },
    { device: '/dev/sdb1', mount: '/data', filesystem: 'ext4', totalBytes: 100 },
  ]);
});

test('what hardware says of itself is made fit to be shown', () => {
  expect(reportable('  Acme\u0000 \u001b[31mFast  ')).toBe('Acme   [31mFast');
  expect(reportable('x'.repeat(300))).toHaveLength(256);
  expect(reportable(undefined)).toBe('');
});
