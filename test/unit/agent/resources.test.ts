import { describe, expect, test } from '@jest/globals';
import { MACHINE_BOUNDS } from '../../../contract/machine-bounds.js';
import { resourcesSchema } from '../../../contract/schemas/agents.js';
import { CgroupLevels } from '../../../agent/resources/cgroup-levels.js';
import { LinuxCpuReader } from '../../../agent/resources/cpu-reader.js';
import { readGpus } from '../../../agent/resources/gpu-reader.js';
import { machineReaders } from '../../../agent/resources/machine-readers.js';
import { MachineResources } from '../../../agent/resources/machine-resources.js';
import { LinuxMemoryReader } from '../../../agent/resources/memory-reader.js';
import type { KernelFiles } from '../../../agent/resources/kernel-files.js';
import { MACHINE, withKernel } from '../../support/agent/kernel-fixture.js';

const KIB = 1_024;
const V2 = {
  '/proc/self/mountinfo': '35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  '/proc/self/cgroup': '0::/pod/app\n',
};
const V1 = {
  '/proc/self/mountinfo':
    '32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
  '/proc/self/cgroup': '4:memory:/app\n3:cpuacct:/app\n2:cpu:/app\n',
};

function cpuReader(files: KernelFiles, clock: { ms: number }) {
  return new LinuxCpuReader(files, new CgroupLevels(files), () => clock.ms);
}

const memoryReader = (files: KernelFiles) => new LinuxMemoryReader(files, new CgroupLevels(files));

describe('processors', () => {
  test('without limits those of the machine count, and the first reading has nothing to compare with', () =>
    withKernel(MACHINE, async (kernel, write) => {
      const reader = cpuReader(kernel, { ms: 0 });
      expect(await reader.read()).toEqual({ cores: 4, utilization: 0 });
      await write({
        '/proc/stat':
          'cpu0 175 0 0 125 0 0 0 0 0 0\ncpu1 100 0 0 200 0 0 0 0 0 0\ncpu2 100 0 0 200 0 0 0 0 0 0\ncpu3 100 0 0 200 0 0 0 0 0 0\n',
      });
      expect(await reader.read()).toEqual({ cores: 4, utilization: 75 / 400 });
    }));

  test('under a quota its use counts, at the tightest level up the tree', () =>
    withKernel(
      {
        ...MACHINE,
        ...V2,
        '/sys/fs/cgroup/pod/app/cpu.max': '200000 100000\n',
        '/sys/fs/cgroup/pod/app/cpu.stat': 'usage_usec 1000000\n',
        '/sys/fs/cgroup/pod/cpu.max': '150000 100000\n',
        '/sys/fs/cgroup/pod/cpu.stat': 'usage_usec 5000000\n',
      },
      async (kernel, write) => {
        const clock = { ms: 0 };
        const reader = cpuReader(kernel, clock);
        expect(await reader.read()).toEqual({ cores: 1.5, utilization: 0 });
        clock.ms = 1_000;
        await write({
          '/sys/fs/cgroup/pod/app/cpu.stat': 'usage_usec 1500000\n',
          '/sys/fs/cgroup/pod/cpu.stat': 'usage_usec 6200000\n',
        });
        // The own group used 0.5 of 2 cores, but the pod 1.2 of its 1.5.
        expect(await reader.read()).toEqual({ cores: 1.5, utilization: 0.8 });
      },
    ));

  test('version 1 counts time in a hierarchy of its own', () =>
    withKernel(
      {
        ...MACHINE,
        ...V1,
        '/sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/cpuacct/app/cpuacct.usage': '1000000000\n',
      },
      async (kernel, write) => {
        const clock = { ms: 0 };
        const reader = cpuReader(kernel, clock);
        await reader.read();
        clock.ms = 2_000;
        await write({ '/sys/fs/cgroup/cpuacct/app/cpuacct.usage': '1250000000\n' });
        expect(await reader.read()).toEqual({ cores: 0.5, utilization: 0.25 });
      },
    ));

  test('a limit that is set while the agent runs is used', () =>
    withKernel({ ...MACHINE, ...V2, '/sys/fs/cgroup/pod/app/cpu.max': 'max 100000\n' }, async (kernel, write) => {
      const reader = cpuReader(kernel, { ms: 0 });
      expect(await reader.cores()).toBe(4);
      await write({ '/sys/fs/cgroup/pod/app/cpu.max': '100000 100000\n' });
      expect(await reader.cores()).toBe(1);
    }));

  test('a burst beyond the quota is full use, no more', () =>
    withKernel(
      {
        ...MACHINE,
        ...V2,
        '/sys/fs/cgroup/pod/app/cpu.max': '100000 100000\n',
        '/sys/fs/cgroup/pod/app/cpu.stat': 'usage_usec 0\n',
      },
      async (kernel, write) => {
        const clock = { ms: 0 };
        const reader = cpuReader(kernel, clock);
        await reader.read();
        clock.ms = 1_000;
        await write({ '/sys/fs/cgroup/pod/app/cpu.stat': 'usage_usec 1800000\n' });
        expect((await reader.read()).utilization).toBe(1);
      },
    ));
});

describe('memory', () => {
  test('without limits that of the machine counts', () =>
    withKernel(MACHINE, async (kernel) => {
      expect(await memoryReader(kernel).read()).toEqual({
        totalBytes: 8_000_000 * KIB,
        usedBytes: 2_000_000 * KIB,
        availableBytes: 6_000_000 * KIB,
      });
    }));

  test('a limit reduces it, and the file cache that would be dropped is available', () =>
    withKernel(
      {
        ...MACHINE,
        ...V2,
        '/sys/fs/cgroup/pod/app/memory.max': '1000000000\n',
        '/sys/fs/cgroup/pod/app/memory.current': '700000000\n',
        '/sys/fs/cgroup/pod/app/memory.stat': 'anon 1\ninactive_file 300000000\n',
        '/sys/fs/cgroup/pod/memory.max': 'max\n',
      },
      async (kernel) => {
        expect(await memoryReader(kernel).read()).toEqual({
          totalBytes: 1_000_000_000,
          usedBytes: 400_000_000,
          availableBytes: 600_000_000,
        });
      },
    ));

  test('a parent that is nearly full leaves its children no more than that', () =>
    withKernel(
      {
        ...MACHINE,
        ...V2,
        '/sys/fs/cgroup/pod/app/memory.max': '1000000000\n',
        '/sys/fs/cgroup/pod/app/memory.current': '100000000\n',
        '/sys/fs/cgroup/pod/memory.max': '2000000000\n',
        '/sys/fs/cgroup/pod/memory.current': '1950000000\n',
      },
      async (kernel) => {
        expect(await memoryReader(kernel).read()).toEqual({
          totalBytes: 1_000_000_000,
          usedBytes: 950_000_000,
          availableBytes: 50_000_000,
        });
      },
    ));

  test("a limit above the machine's memory has no effect", () =>
    withKernel(
      {
        ...MACHINE,
        ...V2,
        '/sys/fs/cgroup/pod/app/memory.max': '99000000000\n',
        '/sys/fs/cgroup/pod/app/memory.current': '1\n',
      },
      async (kernel) => {
        expect(await memoryReader(kernel).read()).toMatchObject({
          totalBytes: 8_000_000 * KIB,
          availableBytes: 6_000_000 * KIB,
        });
      },
    ));

  test('version 1', () =>
    withKernel(
      {
        ...MACHINE,
        ...V1,
        '/sys/fs/cgroup/memory/app/memory.limit_in_bytes': '1000000000\n',
        '/sys/fs/cgroup/memory/app/memory.usage_in_bytes': '400000000\n',
        '/sys/fs/cgroup/memory/app/memory.stat': 'inactive_file 5\ntotal_inactive_file 100000000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      },
      async (kernel) => {
        expect(await memoryReader(kernel).read()).toEqual({
          totalBytes: 1_000_000_000,
          usedBytes: 300_000_000,
          availableBytes: 700_000_000,
        });
      },
    ));
});

test("amdgpu's use is read from sysfs; other GPUs keep the last inventory's figure", () =>
  withKernel(
    {
      '/sys/bus/pci/devices/0000:03:00.0/gpu_busy_percent': '37\n',
      '/sys/bus/pci/devices/0000:03:00.0/mem_info_vram_used': '1000\n',
      '/sys/bus/pci/devices/0000:03:00.0/mem_info_vram_total': '4000\n',
    },
    async (kernel) => {
      const nvidia = { index: 1, utilization: 0.5, memoryUsedBytes: 7, memoryTotalBytes: 9 };
      const gpus = [
        { busAddress: '03:00.0', use: { index: 0, utilization: null, memoryUsedBytes: null, memoryTotalBytes: null } },
        { busAddress: '01:00.0', use: nvidia },
        { busAddress: '', use: { ...nvidia, index: 2 } },
      ];
      expect(await readGpus(gpus, kernel)).toEqual([
        { index: 0, utilization: 0.37, memoryUsedBytes: 1_000, memoryTotalBytes: 4_000 },
        nvidia,
        { ...nvidia, index: 2 },
      ]);
    },
  ));

describe('all resources', () => {
  test('of this machine are reported as the contract demands', async () => {
    const reader = new MachineResources('.', machineReaders(), { gpus: [], connections: 0 });
    await reader.read();
    const resources = resourcesSchema.parse(await reader.read());
    expect(resources.cpu.cores).toBeGreaterThan(0);
    expect(resources.memory.totalBytes).toBeGreaterThan(0);
    expect(resources.disk?.totalBytes).toBeGreaterThan(0);
  });

  test('load average and swap are those of the machine', () =>
    withKernel(
      {
        ...MACHINE,
        '/proc/meminfo': `${MACHINE['/proc/meminfo']}SwapTotal: 4000 kB\nSwapFree: 1000 kB\n`,
        '/proc/loadavg': '2.75 1.00 0.50 3/600 99\n',
      },
      async (kernel) => {
        const reader = new MachineResources('.', machineReaders('linux', kernel), { gpus: [], connections: 0 });
        expect(resourcesSchema.parse(await reader.read())).toMatchObject({
          connections: 12,
          loadAverage: 2.75,
          swapUsedBytes: 3_000 * KIB,
        });
      },
    ));

  test('a measure that the machine does not have is absent, not 0', () =>
    withKernel(MACHINE, async (kernel) => {
      for (const platform of ['linux', 'win32'] as const) {
        const reader = new MachineResources('.', machineReaders(platform, kernel), { gpus: [], connections: 0 });
        const resources = resourcesSchema.parse(await reader.read());
        expect(resources).not.toHaveProperty('loadAverage');
        expect(resources).not.toHaveProperty('swapUsedBytes');
      }
    }));

  test('an impossible figure of the kernel is reported as its bound', () =>
    withKernel({ ...MACHINE, '/proc/loadavg': '99999999999.00 0 0 1/1 1\n' }, async (kernel) => {
      const reader = new MachineResources('.', machineReaders('linux', kernel), { gpus: [], connections: 0 });
      expect(resourcesSchema.parse(await reader.read()).loadAverage).toBe(MACHINE_BOUNDS.load);
    }));

  test("a system other than Linux reports Node's figures, and connections from the inventory", () =>
    withKernel({}, async (kernel) => {
      const reader = new MachineResources('.', machineReaders('darwin', kernel), { gpus: [], connections: 5 });
      await reader.read();
      const resources = resourcesSchema.parse(await reader.read());
      expect(resources.connections).toBe(5);
      expect(resources.cpu.cores).toBeGreaterThan(0);
    }));

  test('without /proc system calls are used, and every figure is a number', () =>
    withKernel({ '/proc/meminfo': '', '/proc/self/status': '', '/proc/stat': '' }, async (kernel) => {
      const resources = resourcesSchema.parse(
        await new MachineResources('.', machineReaders('linux', kernel), { gpus: [], connections: 0 }).read(),
      );
      expect(resources.memory.totalBytes).toBeGreaterThan(0);
      expect(resources.cpu.cores).toBeGreaterThan(0);
    }));

  test('a missing state folder ends the agent with a sentence', async () => {
    const reader = new MachineResources('/nonexistent/rollcall', machineReaders(), { gpus: [], connections: 0 });
    await expect(reader.read()).rejects.toThrow(
      'The state folder /nonexistent/rollcall cannot be used any more: it does not exist',
    );
  });
});
