import { useQuery } from '@tanstack/react-query';
import type { Cluster } from '../../../client/index.js';
import { clusterQuery } from './node-queries.js';

/** Number of lost nodes: in service, and unhealthy or unknown. Unused slots are unknown but not lost. */
export function lostNodes({ byLiveness, byPhase }: Pick<Cluster['nodes'], 'byLiveness' | 'byPhase'>): number {
  const unknown = Math.max(0, (byLiveness['UNKNOWN'] ?? 0) - (byPhase['REGISTERED'] ?? 0));
  return (byLiveness['UNHEALTHY'] ?? 0) + unknown;
}

/** Number of lost nodes, as far as known. */
export function useLostNodes(): number {
  const { data } = useQuery({ ...clusterQuery, staleTime: Infinity, refetchOnWindowFocus: false });
  return data === undefined ? 0 : lostNodes(data.nodes);
}
