import { availableParallelism } from 'node:os';
import type { KernelFiles } from '../resources/kernel-files.js';
import { fit, unfit, unknown, type RunCheck } from './check-result.js';

/** Memory pressure as measured by the kernel. @param limit percentage of the last minute in which all tasks waited for memory */
export function memoryCheck(limit: number, files: KernelFiles): RunCheck {
  return async () => {
    const text = await files.read('/proc/pressure/memory');
    const found = /^full .*?\bavg60=(\d+(?:\.\d+)?)/m.exec(text ?? '')?.[1];
    if (found === undefined) return unknown('NotHere', 'this kernel does not measure pressure (/proc/pressure/memory)');
    const says = `all work stood still for want of memory for ${Number(found)} % of the last minute`;
    return Number(found) > limit ? unfit('OverLimit', `${says}, over ${limit} %`) : fit(says);
  };
}

/** @param limit load average per core over five minutes */
export function loadCheck(limit: number, files: KernelFiles, cores = availableParallelism()): RunCheck {
  return async () => {
    const [, found] = (await files.read('/proc/loadavg'))?.split(' ') ?? [];
    if (found === undefined || !Number.isFinite(Number(found)))
      return unknown('NotHere', 'this system has no /proc/loadavg');
    const says = `load average ${Number(found)} on ${cores} cores`;
    return Number(found) > limit * cores ? unfit('OverLimit', `${says}, over ${limit * cores}`) : fit(says);
  };
}
