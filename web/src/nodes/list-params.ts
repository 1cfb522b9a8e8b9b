import { ATTENTIONS, type Attention } from '../../../contract/attention.js';
import { NODE_SORTS, type NodeSort } from '../../../contract/node-order.js';
import { PHASES, type Phase } from '../../../contract/phase.js';
import { LIVENESSES, NODE_TYPES, type Liveness, type NodeType } from '../../../contract/states.js';
import type { NodeListQuery } from '../api/node-queries.js';

/** Parameters of the list. They are in the URL, so that a list can be shared, bookmarked and returned to. */
export interface ListParams {
  phase: readonly Phase[];
  liveness: readonly Liveness[];
  type: readonly NodeType[];
  /** Each `key` or `key=value`; a node has all of them. */
  label: readonly string[];
  /** Each `check` or `check=STATUS`; a node has any of them. */
  condition: readonly string[];
  q: string;
  /** Only HEALTHY nodes that miss heartbeats. */
  warning: boolean;
  /** Only nodes whose agents said goodbye. */
  stopped: boolean;
  /** Only nodes whose agent is older than the api. */
  outdated: boolean;
  /** Only nodes that need attention for any of these reasons. */
  attention: readonly Attention[];
  sort: NodeSort;
  limit: number;
  /** Cursor of the page; empty for the first. */
  cursor: string;
}

/** Phases of listed nodes; removed ones are not listed. */
export const LISTED_PHASES = PHASES.filter((phase) => phase !== 'REMOVED');
export const PAGE_SIZES = [25, 50, 100, 200] as const;
const DEFAULT_SIZE = 50;
const DEFAULT_SORT: NodeSort = 'id';

/** Filters of which a node has any value, or, for labels, all; in this order in the address. */
const LISTS = ['phase', 'liveness', 'type', 'label', 'condition', 'attention'] as const;
const FLAGS = ['warning', 'stopped', 'outdated'] as const;

/** No filter; default order and page size. */
export const NO_FILTER = {
  phase: [],
  liveness: [],
  type: [],
  label: [],
  condition: [],
  q: '',
  warning: false,
  stopped: false,
  outdated: false,
  attention: [],
} as const satisfies Partial<ListParams>;

/** Parses an address, and ignores invalid parts, so that an old link still shows the list. */
export function readParams(search: string): ListParams {
  const params = new URLSearchParams(search);
  const known = <Value extends string>(name: (typeof LISTS)[number], values: readonly Value[]) =>
    values.filter((value) => params.getAll(name).includes(value));
  const flag = (name: (typeof FLAGS)[number]) => params.get(name) === 'true';
  const limit = Number(params.get('limit'));
  return {
    phase: known('phase', LISTED_PHASES),
    liveness: known('liveness', LIVENESSES),
    type: known('type', NODE_TYPES),
    label: [...new Set(params.getAll('label'))],
    condition: [...new Set(params.getAll('condition'))],
    q: params.get('q') ?? '',
    warning: flag('warning'),
    stopped: flag('stopped'),
    outdated: flag('outdated'),
    attention: known('attention', ATTENTIONS),
    sort: NODE_SORTS.find((sort) => sort === params.get('sort')) ?? DEFAULT_SORT,
    limit: (PAGE_SIZES as readonly number[]).includes(limit) ? limit : DEFAULT_SIZE,
    cursor: params.get('cursor') ?? '',
  };
}

/** The address that {@link readParams} parses; defaults are left out. */
export function writeParams(wanted: ListParams): string {
  const { q, sort, limit, cursor } = wanted;
  const params = new URLSearchParams();
  for (const name of LISTS) for (const value of wanted[name]) params.append(name, value);
  if (q !== '') params.set('q', q);
  for (const name of FLAGS) if (wanted[name]) params.set(name, 'true');
  if (sort !== DEFAULT_SORT) params.set('sort', sort);
  if (limit !== DEFAULT_SIZE) params.set('limit', String(limit));
  if (cursor !== '') params.set('cursor', cursor);
  return params.toString();
}

/** Parameters for the api. */
export function listQueryOf(wanted: ListParams): NodeListQuery {
  const { q, sort, limit, cursor } = wanted;
  return {
    ...{ sort, limit, total: 'true' },
    ...Object.fromEntries(LISTS.flatMap((name) => (wanted[name].length > 0 ? [[name, [...wanted[name]]]] : []))),
    ...Object.fromEntries(FLAGS.flatMap((name) => (wanted[name] ? [[name, 'true']] : []))),
    ...(q !== '' && { q }),
    ...(cursor !== '' && { cursor }),
  };
}

/** Whether anything is filtered out. */
export function hasFilter(wanted: ListParams): boolean {
  return wanted.q !== '' || LISTS.some((name) => wanted[name].length > 0) || FLAGS.some((name) => wanted[name]);
}

/** Address of the list with only this filter. */
export function listLink(filter: Partial<ListParams>): string {
  const search = writeParams({ ...readParams(''), ...NO_FILTER, ...filter });
  return search === '' ? '/nodes' : `/nodes?${search}`;
}
