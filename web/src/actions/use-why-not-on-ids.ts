import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { listNodes, type ListNodesData } from '../../../client/index.js';
import { MAX_DRAIN_SET_NODES } from '../../../contract/drain-set.js';
import type { Role } from '../../../contract/grants.js';
import { answerOf } from '../api/answer-of.js';
import { NODES_KEY } from '../api/node-queries.js';
import { useLogin } from '../sign-in/login-context.js';
import { limitsOf, whyNotAnywhere, whyNotOn } from './offered-action.js';

/** Ids that one list of nodes can be asked for. */
const AT_ONCE = 100;

/**
 * Says of nodes by their ids why the viewer may not act on them. Their labels are read only for viewers whose role has scopes; removed nodes are left to the
 * api.
 * @param ids all that may be asked about
 */
export function useWhyNotOnIds(
  ids: readonly string[],
  needed: Role = 'operator',
): (some: readonly string[]) => string | undefined {
  const distinct = [...new Set(ids)].toSorted((one, other) => (one < other ? -1 : 1));
  const queries = Array.from({ length: Math.ceil(distinct.length / AT_ONCE) }, (_, part) => ({
    id: distinct.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
    limit: AT_ONCE,
  }));
  const whyNot = useWhyNotOnFound(queries, needed);
  return (some) => whyNot(({ id }) => some.includes(id));
}

/** The same of all compute nodes that have these labels. */
export function useWhyNotOnLabels(label: readonly string[], needed: Role): string | undefined {
  const query = { type: ['Compute' as const], label: [...label], limit: MAX_DRAIN_SET_NODES };
  return useWhyNotOnFound(label.length === 0 ? [] : [query], needed)(() => true);
}

type Query = NonNullable<ListNodesData['query']>;
interface FoundNode {
  id: string;
  labels: Record<string, string>;
}

function useWhyNotOnFound(queries: Query[], needed: Role) {
  const login = useLogin();
  const limits = limitsOf(login, needed);
  const { data, isPending } = useQuery({
    ...foundQuery(queries),
    enabled: limits !== undefined && queries.length > 0,
  });
  return (isMeant: (node: FoundNode) => boolean): string | undefined => {
    if (limits === undefined || queries.length === 0) return whyNotAnywhere(login, needed);
    if (isPending) return `${limits}: the nodes concerned are still loading.`;
    return whyNotOn(data?.filter(isMeant) ?? [], login, needed);
  };
}

function foundQuery(queries: readonly Query[]) {
  return queryOptions({
    queryKey: [...NODES_KEY, 'list', 'within', queries],
    queryFn: async ({ signal }): Promise<FoundNode[]> => {
      const pages = await Promise.all(queries.map((query) => answerOf(listNodes({ query, signal }))));
      return pages.flatMap(({ items }) => items.map(({ id, labels }) => ({ id, labels })));
    },
    placeholderData: keepPreviousData,
  });
}
