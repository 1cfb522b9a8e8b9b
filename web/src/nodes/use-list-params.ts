import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { readParams, writeParams, type ListParams } from './list-params.js';

/** The list's parameters from the address, and how to change them. Any change except of the cursor goes to the first page. */
export function useListParams(): [ListParams, (change: Partial<ListParams>, how?: { replace?: boolean }) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const params = useMemo(() => readParams(search), [search]);
  const change = useCallback(
    (part: Partial<ListParams>, how: { replace?: boolean } = {}) => {
      const next = writeParams({ ...params, cursor: '', ...part });
      navigate(next === '' ? '/nodes' : `/nodes?${next}`, how);
    },
    [params, navigate],
  );
  return [params, change];
}
