import { describe, expect, test } from '@jest/globals';
import {
  cgroupChain,
  parseCfsQuota,
  parseCounter,
  parseCpuMax,
  parseMemoryLimit,
} from '../../../agent/resources/cgroup.js';

const V2_MOUNT =
  '35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n';

describe('version 2', () => {
  test("the chain leads from the process's own group up to the root", () => {
    expect(cgroupChain(V2_MOUNT, '0::/system.slice/rollcall-agent.service\n', 'memory')).toEqual({
      version: 2,
      folders: ['/sys/fs/cgroup/system.slice/rollcall-agent.service', '/sys/fs/cgroup/system.slice', '/sys/fs/cgroup'],
    });
  });

  test('in a container with its own namespace the top is the group', () => {
    expect(cgroupChain(V2_MOUNT, '0::/\n', 'cpu')).toEqual({ version: 2, folders: ['/sys/fs/cgroup'] });
  });

  test("in a container that shares the host's namespace the mount shows a part of the tree", () => {
    const mount = '900 890 0:30 /docker/abc /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n';
    expect(cgroupChain(mount, '0::/docker/abc/inner\n', 'cpu')).toEqual({
      version: 2,
      folders: ['/sys/fs/cgroup/inner', '/sys/fs/cgroup'],
    });
  });

  test('a group outside the mount is looked for at its top', () => {
    const mount = '900 890 0:30 /docker/abc /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n';
    expect(cgroupChain(mount, '0::/docker/other\n', 'cpu')?.folders).toEqual(['/sys/fs/cgroup']);
    expect(cgroupChain(V2_MOUNT, '0::/../sibling\n', 'cpu')?.folders).toEqual([
      '/sys/fs/cgroup/sibling',
      '/sys/fs/cgroup',
    ]);
  });
});

describe('version 1, and both at once', () => {
  const MOUNTS = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
  const GROUPS = '9:name=systemd:/\n4:memory:/app/a1\n2:cpu,cpuacct:/app\n0::/elsewhere\n';

  test('a controller of version 1 is found where it is mounted', () => {
    expect(cgroupChain(MOUNTS, GROUPS, 'memory')).toEqual({
      version: 1,
      folders: ['/sys/fs/cgroup/memory/app/a1', '/sys/fs/cgroup/memory/app', '/sys/fs/cgroup/memory'],
    });
    expect(cgroupChain(MOUNTS, GROUPS, 'cpuacct')).toEqual({
      version: 1,
      folders: ['/sys/fs/cgroup/cpu,cpuacct/app', '/sys/fs/cgroup/cpu,cpuacct'],
    });
  });

  test('a controller that version 1 does not have belongs to version 2', () => {
    expect(cgroupChain(MOUNTS, '9:name=systemd:/\n0::/elsewhere\n', 'memory')).toEqual({
      version: 2,
      folders: ['/sys/fs/cgroup/unified/elsewhere', '/sys/fs/cgroup/unified'],
    });
  });

  test('without a mount there is no chain', () => {
    expect(cgroupChain('', '', 'cpu')).toBeUndefined();
    expect(cgroupChain('31 23 0:28 / / rw - ext4 /dev/vda rw\n', '0::/\n', 'cpu')).toBeUndefined();
  });
});

test('quotas are read as cores', () => {
  expect(parseCpuMax('50000 100000\n')).toBe(0.5);
  expect(parseCpuMax('400000 100000\n')).toBe(4);
  expect(parseCpuMax('max 100000\n')).toBeUndefined();
  expect(parseCpuMax('')).toBeUndefined();
  expect(parseCfsQuota('150000\n', '100000\n')).toBe(1.5);
  expect(parseCfsQuota('-1\n', '100000\n')).toBeUndefined();
  expect(parseCfsQuota('', '')).toBeUndefined();
});

test('a missing memory limit has several forms', () => {
  expect(parseMemoryLimit('536870912\n')).toBe(536_870_912);
  expect(parseMemoryLimit('max\n')).toBeUndefined();
  expect(parseMemoryLimit('9223372036854771712\n')).toBeUndefined();
  expect(parseMemoryLimit('')).toBeUndefined();
});

test('counters are found by their whole name', () => {
  const stat = 'anon 5\ninactive_file 300\ntotal_inactive_file 700\n';
  expect(parseCounter(stat, 'inactive_file')).toBe(300);
  expect(parseCounter(stat, 'total_inactive_file')).toBe(700);
  expect(parseCounter(stat, 'file')).toBeUndefined();
});
