import { useCallback } from 'react';
import { useAddress } from './use-address.js';

/** Whether the page's dialog for something new is open. The address says it (`?new=true`), so that it can be gone to from anywhere. */
export function useAsked(): [boolean, (asked: boolean) => void] {
  const [address, change] = useAddress();
  const setAsked = useCallback(
    (asked: boolean) => change({ new: asked ? 'true' : '', cursor: address.get('cursor') ?? '' }, { replace: true }),
    [address, change],
  );
  return [address.get('new') === 'true', setAsked];
}
