import type { SessionResources } from '../../../client/index.js';
import { sizeText } from '../parts/size-text.js';

/** What a session reserves, in short: `0.25 cores, 256 MiB`. */
export function reservedText(resources: SessionResources | null): string {
  if (resources === null || (resources.cpu === 0 && resources.memory === 0 && resources.gpu === 0)) return 'nothing';
  const { cpu, memory, gpu } = resources;
  return `${cpu} ${cpu === 1 ? 'core' : 'cores'}, ${sizeText(memory)}${gpu > 0 ? `, ${gpu} GPU` : ''}`;
}
