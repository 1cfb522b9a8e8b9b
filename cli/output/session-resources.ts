import type { SessionResources } from '../../client/types.gen.js';
import { formatBytes, formatCount } from './quantity.js';

/** `0.25 cores, 256MiB memory, 256MiB disk`. */
export function formatResources({ cpu, memory, disk, gpu }: SessionResources): string {
  const parts = [
    formatCount(cpu, 'core'),
    `${formatBytes(memory)} memory`,
    `${formatBytes(disk)} disk`,
    ...(gpu === 0 ? [] : [formatCount(gpu, 'GPU')]),
  ];
  return parts.join(', ');
}
