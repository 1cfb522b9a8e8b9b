import { useEffect } from 'react';

let shown = 0;

/** While it is shown, the page holds a secret that nobody is to find who comes after its reader. */
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
