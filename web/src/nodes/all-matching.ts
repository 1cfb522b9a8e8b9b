import { listNodes, type Node } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { listQueryOf, type ListParams } from './list-params.js';

/** The most that the api gives at once. */
const AT_ONCE = 1_000;

interface Reading {
  /** Nodes that are enough. */
  most?: number;
  signal?: AbortSignal;
  /** Hears how many have come. */
  onProgress?: (count: number) => void;
}

/**
 * Every node that the list's filter finds now, in the list's order: page by page, all in the order of one moment.
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
