import { posix } from 'node:path';

/** Pure parsers of what Linux says about control groups, of version 1, version 2 and both at once. */

/** Where the limits on this process are: folders from its own group up to the topmost that is visible. */
export interface CgroupChain {
  version: 1 | 2;
  folders: string[];
}

interface Mount {
  version: 1 | 2;
  /** The group at the top of the mount: not `/` in a container that shares the host's namespace. */
  root: string;
  point: string;
  controllers: string[];
}

/**
 * The chain of groups that hold this process, for one controller; undefined if none is mounted.
 * @param mountinfo /proc/self/mountinfo
 * @param ownGroups /proc/self/cgroup
 */
export function cgroupChain(
  mountinfo: string,
  ownGroups: string,
  controller: 'cpu' | 'cpuacct' | 'memory',
): CgroupChain | undefined {
  const mounts = parseMounts(mountinfo);
  const groups = parseOwnGroups(ownGroups);
  // On a machine with both versions a controller belongs to one of them, and version 1 lists those that it has.
  const first = groups.find((group) => group.controllers.includes(controller));
  const group = first ?? groups.find((candidate) => candidate.controllers.length === 0);
  const mount = first
    ? mounts.find((candidate) => candidate.version === 1 && candidate.controllers.includes(controller))
    : mounts.find((candidate) => candidate.version === 2);
  if (!group || !mount) return undefined;
  return { version: mount.version, folders: foldersUpwards(mount, group.path) };
}

function foldersUpwards(mount: Mount, path: string): string[] {
  const below = posix.relative(mount.root, path);
  // A group outside the mount (a container with its own namespace and the host's path): only the mount's top is visible.
  const segments = below === '' || below.startsWith('..') ? [] : below.split('/');
  return Array.from({ length: segments.length + 1 }, (_, up) =>
    posix.join(mount.point, ...segments.slice(0, segments.length - up)),
  );
}

function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    // id parent major:minor root point options… - type source super-options
    const [before, after] = line.split(' - ');
    const [, , , root, point] = before?.split(' ') ?? [];
    const [type, , options = ''] = after?.split(' ') ?? [];
    if (root === undefined || point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    return [{ version: type === 'cgroup' ? 1 : 2, root, point, controllers: options.split(',') } as const];
  });
}

/** Lines `4:memory:/a/b` (version 1) and `0::/a/b` (version 2, without controllers). */
function parseOwnGroups(text: string): { controllers: string[]; path: string }[] {
  return [...text.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, controllers, path]) => ({
    controllers: controllers === '' ? [] : (controllers as string).split(','),
    path: path as string,
  }));
}

/** cpu.max of version 2: `50000 100000` is half a processor, `max 100000` no limit. */
export function parseCpuMax(text: string): number | undefined {
  const [quota, period] = text.trim().split(' ');
  return quotaInCores(Number(quota), Number(period));
}

/** cpu.cfs_quota_us and cpu.cfs_period_us of version 1, in which -1 means no limit. */
export function parseCfsQuota(quota: string, period: string): number | undefined {
  return quotaInCores(Number(quota), Number(period));
}

function quotaInCores(quota: number, period: number): number | undefined {
  return quota > 0 && period > 0 ? quota / period : undefined;
}

/** Version 1 writes "no limit" as a number near 2^63, rounded down to its page size. */
const NO_LIMIT_BYTES = 2 ** 62;

/** memory.max (`max` means no limit) and memory.limit_in_bytes. */
export function parseMemoryLimit(text: string): number | undefined {
  const limit = Number(text.trim());
  return limit > 0 && limit < NO_LIMIT_BYTES ? limit : undefined;
}

/** One number of a file with lines `name number`: memory.stat, cpu.stat. */
export function parseCounter(text: string, name: string): number | undefined {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}
