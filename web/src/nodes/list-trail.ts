import { keep, kept } from '../parts/kept.js';
import type { ListParams } from './list-params.js';
import { readParams, writeParams } from './list-params.js';

/** The page of the list from which the viewer came, for the previous and next node in its order. */
export interface ListTrail {
  /** Parameters of the list's address. */
  search: string;
  ids: readonly string[];
  nextCursor: string | null;
}

const KEY = 'rollcall.nodes.trail';

/** Stored per tab: another one may have another list. */
export function rememberList(params: ListParams, ids: readonly string[], nextCursor: string | null): void {
  keep('sessionStorage', KEY, { search: writeParams(params), ids, nextCursor } satisfies ListTrail);
}

/** Undefined if no list was opened in this tab. */
export function lastList(): ListTrail | undefined {
  const stored = (kept('sessionStorage', KEY) ?? {}) as Partial<Record<keyof ListTrail, unknown>>;
  if (typeof stored.search !== 'string' || !Array.isArray(stored.ids)) return undefined;
  const ids = stored.ids.filter((id): id is string => typeof id === 'string');
  const nextCursor = typeof stored.nextCursor === 'string' ? stored.nextCursor : null;
  return { search: writeParams(readParams(stored.search)), ids, nextCursor };
}

/** The list's address. */
export function listPath(search: string): string {
  return search === '' ? '/nodes' : `/nodes?${search}`;
}
