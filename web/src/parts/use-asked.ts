import { useEffect, useState } from 'react';
import { useAddress } from './use-address.js';

/**
 * Whether the page's dialog for something new is open. An address that ends in `?new=true` opens it, from anywhere, once: it is taken out of the
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
