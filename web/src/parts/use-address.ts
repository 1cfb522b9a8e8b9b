import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Changes of the address's parameters: one value, several, or an empty one to remove it. */
export type AddressChange = Readonly<Record<string, string | readonly string[]>>;

/** The address's query parameters, and how to change them. Any change except of the cursor goes to the first page. */
export function useAddress(): [URLSearchParams, (change: AddressChange, how?: { replace?: boolean }) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (part: AddressChange, how: { replace?: boolean } = {}) => {
      const next = changedAddress(params, part);
      navigate(next === '' ? path : `${path}?${next}`, how);
    },
    [params, path, navigate],
  );
  return [params, change];
}

/** The address after a change. */
export function changedAddress(params: URLSearchParams, change: AddressChange): string {
  const next = new URLSearchParams(params);
  next.delete('cursor');
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    for (const one of [value].flat()) if (one !== '') next.append(name, one);
  }
  return next.toString();
}
