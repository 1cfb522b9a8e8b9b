import { ATTENTIONS, type Attention } from '../../../contract/attention.js';
import { NODE_SORTS, type NodeSort } from '../../../contract/node-order.js';
import { PHASES, type Phase } from '../../../contract/phase.js';
import { LIVENESSES, NODE_TYPES, type Liveness, type NodeType } from '../../../contract/states.js';
import type { NodeListQuery } from '../api/node-queries.js';

/** What the list shows; the URL carries it, so that it can be shared, kept and gone back to. */
export interface ListParams {
  phase: readonly Phase[];
  liveness: readonly Liveness[];
  type: readonly NodeType[];
  /** Each `key` or `key=value`; a node has them all. */
  label: readonly string[];
  /** Each `check` or `check=STATUS`; a node has any of them. */
  condition: readonly string[];
  q: string;
  /** Only nodes that are HEALTHY still and miss heartbeats. */
  warning: boolean;
  /** Only nodes whose agents said goodbye. */
  stopped: boolean;
  /** Only nodes whose agent is older than the api. */
  outdated: boolean;
  /** Only nodes that need somebody for any of these. */
  attention: readonly Attention[];
  sort: NodeSort;
  limit: number;
  /** Where the page begins; empty is the first one. */
  cursor: string;
}

/** Phases that a node of the list can have: removed ones are not in it. */
export const LISTED_PHASES = PHASES.filter((phase) => phase !== 'REMOVED');
export const PAGE_SIZES = [25, 50, 100, 200] as const;
const DEFAULT_SIZE = 50;
const DEFAULT_SORT: NodeSort = 'id';
/** Reads an address. What it says that means nothing is passed over: an old link still shows the list. */
export function readParams(search: string): ListParams {
  const params = new URLSearchParams(search);
  const known = <Value extends string>(name: string, values: readonly Value[]) =>
    values.filter((value) => params.getAll(name).includes(value));
  const limit = Number(params.get('limit'));
  return {
    phase: known('phase', LISTED_PHASES),
    liveness: known('liveness', LIVENESSES),
    type: known('type', NODE_TYPES),
    label: [...new Set(params.getAll('label'))],
    condition: [...new Set(params.getAll('condition'))],
    q: params.get('q') ?? '',
    warning: params.get('warning') === 'true',
    stopped: params.get('stopped') === 'true',
    outdated: params.get('outdated') === 'true',
    attention: known('attention', ATTENTIONS),
    sort: NODE_SORTS.find((sort) => sort === params.get('sort')) ?? DEFAULT_SORT,
    limit: (PAGE_SIZES as readonly number[]).includes(limit) ? limit : DEFAULT_SIZE,
    cursor: params.get('cursor') ?? '',
  };
}

/** The address that {@link readParams} reads back; what is as usual is left out. */
export function writeParams({
  phase,
  liveness,
  type,
  label,
  condition,
  q,
  warning,
  stopped,
  outdated,
  attention,
  sort,
  limit,
  cursor,
}: ListParams): string {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries({ phase, liveness, type, label, condition, attention }))
    for (const value of values) params.append(name, value);
  if (q !== '') params.set('q', q);
  if (warning) params.set('warning', 'true');
  if (stopped) params.set('stopped', 'true');
  if (outdated) params.set('outdated', 'true');
  if (sort !== DEFAULT_SORT) params.set('sort', sort);
  if (limit !== DEFAULT_SIZE) params.set('limit', String(limit));
  if (cursor !== '') params.set('cursor', cursor);
  return params.toString();
}

/** What the api is asked for. */
export function listQueryOf({
  phase,
  liveness,
  type,
  label,
  condition,
  q,
  warning,
  stopped,
  outdated,
  attention,
  sort,
  limit,
  cursor,
}: ListParams): NodeListQuery {
  return {
    sort,
    limit,
    total: 'true',
    ...(phase.length > 0 && { phase: [...phase] }),
    ...(liveness.length > 0 && { liveness: [...liveness] }),
    ...(type.length > 0 && { type: [...type] }),
    ...(label.length > 0 && { label: [...label] }),
    ...(condition.length > 0 && { condition: [...condition] }),
    ...(q !== '' && { q }),
    ...(warning && { warning: 'true' as const }),
    ...(stopped && { stopped: 'true' as const }),
    ...(outdated && { outdated: 'true' as const }),
    ...(attention.length > 0 && { attention: [...attention] }),
    ...(cursor !== '' && { cursor }),
  };
}

/** Whether anything is filtered out. */
export function hasFilter({
  phase,
  liveness,
  type,
  label,
  condition,
  q,
  warning,
  stopped,
  outdated,
  attention,
}: ListParams): boolean {
  return (
    phase.length + liveness.length + type.length + label.length + condition.length + attention.length > 0 ||
    q !== '' ||
    warning ||
    stopped ||
    outdated
  );
}

/** No filter; order and page size as they are. */
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
