import { statfs } from 'node:fs/promises';
import type { KernelFiles } from '../resources/kernel-files.js';
import { Limited } from '../resources/limited.js';
import { fit, unfit, unknown, type CheckResult, type RunCheck } from './check-result.js';

/** Share of a filesystem's resource that is free. */
interface Share {
  free: number;
  of: number;
}

type Statfs = (path: string) => Promise<{ [Key in 'blocks' | 'bavail' | 'files' | 'ffree']: number }>;

/** Checks that each path has enough free space. A filesystem that hangs blocks nothing else, and has at most one request in flight. */
function freeCheck(
  what: string,
  shareOf: (stats: Awaited<ReturnType<Statfs>>) => Share,
  { paths, limit, timeoutMs }: { paths: readonly string[]; limit: number; timeoutMs: number },
  ask: Statfs,
): RunCheck {
  const questions = paths.map((path) => ({ path, limited: new Limited('statfs', () => ask(path), timeoutMs) }));
  return async () => {
    const told: string[] = [];
    const unread: CheckResult[] = [];
    for (const { path, limited } of questions) {
      const reading = await limited.read().catch((error: Error) => ({ why: error.message }));
      if ('why' in reading) {
        unread.push(unknown('NotRead', `${path}: ${reading.why}`));
        continue;
      }
      const { free, of } = shareOf(reading.value);
      // Some filesystems do not count inodes.
      if (of === 0) unread.push(unknown('NotHere', `the filesystem of ${path} does not count its ${what}`));
      else if (free / of < limit)
        return unfit('UnderLimit', `${percent(free / of)} of the ${what} of ${path} are free, under ${percent(limit)}`);
      else told.push(`${percent(free / of)} of ${path}`);
    }
    return unread[0] ?? fit(`free ${what}: ${told.join(', ')}`);
  };
}

interface Options {
  paths: readonly string[];
  limit: number;
  timeoutMs: number;
}

export function diskCheck(options: Options, ask: Statfs = statfs): RunCheck {
  return freeCheck('space', ({ bavail, blocks }) => ({ free: bavail, of: blocks }), options, ask);
}

export function inodesCheck(options: Options, ask: Statfs = statfs): RunCheck {
  return freeCheck('inodes', ({ ffree, files }) => ({ free: ffree, of: files }), options, ask);
}

/**
 * Checks whether a filesystem became read-only, as the kernel does after errors. The filesystem's own options count, not those of the mount,
 * since systemd mounts much of the machine read-only for a service.
 */
export function readOnlyCheck(paths: readonly string[], files: KernelFiles): RunCheck {
  return async () => {
    const table = await files.read('/proc/self/mountinfo');
    if (table === undefined) return unknown('NotHere', 'this system has no /proc/self/mountinfo');
    const mounts = parseMounts(table);
    for (const path of paths) {
      const mount = mounts.findLast(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
      if (mount?.isReadOnly) return unfit('ReadOnly', `the filesystem of ${path} (${mount.source}) is read-only`);
    }
    return fit(`can be written: ${paths.join(', ')}`);
  };
}

/** Mount points from the shortest to the longest: the last match is the one that holds a path. */
export function parseMounts(table: string): { point: string; source: string; isReadOnly: boolean }[] {
  return table
    .split('\n')
    .flatMap((line) => {
      const [mount = '', filesystem] = line.split(' - ');
      const point = mount.split(' ')[4];
      const [, source = '', options = ''] = filesystem?.split(' ') ?? [];
      if (point === undefined) return [];
      return [{ point: unescaped(point), source: unescaped(source), isReadOnly: options.split(',').includes('ro') }];
    })
    .toSorted((one, other) => one.point.length - other.point.length);
}

/** The kernel writes spaces as `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
