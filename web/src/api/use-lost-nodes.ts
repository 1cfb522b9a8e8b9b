import { useQuery } from '@tanstack/react-query';
import type { Cluster } from '../../../client/index.js';
import { clusterQuery } from './node-queries.js';

/** Nodes that were there and are silent: unhealthy ones, and those of which nobody knows. Of a slot that no agent uses nothing is lost. */
export function lostNodes({ byLiveness, byPhase }: Pick<Cluster['nodes'], 'byLiveness' | 'byPhase'>): number {
  const unknown = Math.max(0, (byLiveness['UNKNOWN'] ?? 0) - (byPhase['REGISTERED'] ?? 0));
  return (byLiveness['UNHEALTHY'] ?? 0) + unknown;
}

/** How many nodes are lost, as far as the page knows. */
export function useLostNodes(): number {
  const { data } = useQuery({ ...clusterQuery, staleTime: Infinity, refetchOnWindowFocus: false });
  return data === undefined ? 0 : lostNodes(data.nodes);
}
