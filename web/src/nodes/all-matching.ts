import { listNodes, type Node } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { listQueryOf, type ListParams } from './list-params.js';

/** Maximum page size of the api. */
const AT_ONCE = 1_000;

interface Reading {
  /** Number of nodes after which to stop. */
  most?: number;
  signal?: AbortSignal;
  /** Called with the number of nodes read so far. */
  onProgress?: (count: number) => void;
}

/**
 * All nodes that match the list's filter now, in the list's order, page by page.
 * @throws ApiFailure
 */
export async function allMatching(
  params: ListParams,
  { most = Infinity, signal, onProgress }: Reading = {},
): Promise<Node[]> {
  const { total: _total, cursor: _page, ...query } = listQueryOf(params);
  const nodes: Node[] = [];
  for (let cursor: string | undefined; ;) {
    const limit = Math.min(AT_ONCE, most - nodes.length);
    const page = await answerOf(
      listNodes({ query: { ...query, limit, ...(cursor !== undefined && { cursor }) }, ...(signal && { signal }) }),
    );
    nodes.push(...page.items);
    onProgress?.(nodes.length);
    if (page.nextCursor === null || nodes.length >= most) return nodes;
    cursor = page.nextCursor;
  }
}
