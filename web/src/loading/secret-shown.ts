import { useEffect } from 'react';

let shown = 0;

/** Marks that the page shows a secret, which must not stay for the next person. */
export function useSecretShown(): void {
  useEffect(() => {
    shown += 1;
    return () => {
      shown -= 1;
    };
  }, []);
}

export function isSecretShown(): boolean {
  return shown > 0;
}
