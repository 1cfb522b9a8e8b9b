import type { Systeminformation } from 'systeminformation';
import type { NodeInfo } from '../../client/index.js';
import { MACHINE_BOUNDS, within } from '../../contract/machine-bounds.js';
import { reportable } from '../process/reportable.js';

const MAX_DISKS = 64;

/** One entry for each filesystem that holds data; containers mount the same one in many places. */
export function describeDisks(filesystems: readonly Systeminformation.FsSizeData[]): NodeInfo['disks'] {
  const byDevice = new Map<string, NodeInfo['disks'][number]>();
  for (const { fs, type, size, mount } of filesystems) {
    // The shortest mount point is the one that people know.
    const known = byDevice.get(fs);
    if (size <= 0 || (known && known.mount.length <= mount.length)) continue;
    byDevice.set(fs, {
      device: reportable(fs),
      mount: reportable(mount),
      filesystem: reportable(type),
      totalBytes: Math.round(within(MACHINE_BOUNDS.diskBytes, size)),
    });
  }
  return [...byDevice.values()].slice(0, MAX_DISKS);
}
