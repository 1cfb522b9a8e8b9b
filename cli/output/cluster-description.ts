import type { Cluster } from '../../client/types.gen.js';
import { formatBytes, formatCount, formatUsage } from './quantity.js';
import { fieldLines } from './sections.js';

/** The cluster in a few lines: how many nodes in which state, and what they have. */
export function describeCluster(cluster: Cluster): string {
  const { nodes, resources } = cluster;
  const lines = fieldLines([
    ['Nodes', String(nodes.total)],
    ['Phases', tally(nodes.byPhase)],
    ['Liveness', tally(nodes.byLiveness)],
    ['Warnings', nodes.warnings === 0 ? 'none' : `${formatCount(nodes.warnings, 'node')} missing heartbeats`],
    ['Sessions', formatCount(cluster.activeSessions, 'active session')],
    ['CPU', formatCount(resources.cpuCores, 'core')],
    ['Memory', `${formatUsage({ usedBytes: resources.memoryUsedBytes, totalBytes: resources.memoryTotalBytes })} used, ${formatBytes(Math.max(0, resources.memoryTotalBytes - resources.memoryUsedBytes))} free`],
    ['GPUs', String(resources.gpus)],
  ]);
  return `${lines.join('\n')}\n`;
}

/** `3 ACTIVE, 1 PENDING`: only what there is. */
function tally(counts: Readonly<Record<string, number>>): string {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.map(([name, count]) => `${count} ${name}`).join(', ') || 'none';
}
