import { NO_FILTER, readParams, writeParams, type ListParams } from '../nodes/list-params.js';

/** The address of the list with this filter and no other. */
export function listLink(filter: Partial<ListParams>): string {
  const search = writeParams({ ...readParams(''), ...NO_FILTER, ...filter });
  return search === '' ? '/nodes' : `/nodes?${search}`;
}
