import { useCallback, useState } from 'react';
import { keep, kept } from '../parts/kept.js';

export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

/** Columns that can be hidden, in order. */
export const OPTIONAL_COLUMNS = [
  'type',
  'phase',
  'status',
  'lastHeartbeat',
  'cpu',
  'memory',
  'connections',
  'fitness',
  'sessions',
  'version',
  'labels',
] as const;
export type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number];

/** How the list looks for this viewer. */
export interface ListLook {
  density: Density;
  hidden: readonly OptionalColumn[];
}

const KEY = 'rollcall.nodes.look';
/** Hidden by default, so that a node fits into one line at 1440 pixels. */
const HIDDEN_AT_FIRST: readonly OptionalColumn[] = ['type', 'connections'];

/** Stored in this browser. Stored values of versions with other columns are ignored. */
export function readLook(stored: unknown): ListLook {
  const { density, hidden } = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<
    Record<keyof ListLook, unknown>
  >;
  return {
    density: DENSITIES.find((one) => one === density) ?? 'comfortable',
    hidden: OPTIONAL_COLUMNS.filter((column) => (Array.isArray(hidden) ? hidden : HIDDEN_AT_FIRST).includes(column)),
  };
}

export function useListLook(): [ListLook, (change: Partial<ListLook>) => void] {
  const [look, setLook] = useState(() => readLook(kept('localStorage', KEY)));
  const change = useCallback((part: Partial<ListLook>) => {
    setLook((before) => {
      const next = { ...before, ...part };
      keep('localStorage', KEY, next);
      return next;
    });
  }, []);
  return [look, change];
}
