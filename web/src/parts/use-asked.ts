import { useEffect, useState } from 'react';
import { useAddress } from './use-address.js';

/**
 * Whether the page's dialog to create something is open. A link with `?new=true` opens it once: the parameter is removed from the
 * address, so that neither a reload nor the next person who signs in opens it again.
 */
export function useAsked(): [boolean, (asked: boolean) => void] {
  const [address, change] = useAddress();
  const inAddress = address.get('new') === 'true';
  const [asked, setAsked] = useState(inAddress);
  if (inAddress && !asked) setAsked(true);
  useEffect(() => {
    if (inAddress) change({ new: '', cursor: address.get('cursor') ?? '' }, { replace: true });
  }, [inAddress, address, change]);
  return [asked, setAsked];
}
