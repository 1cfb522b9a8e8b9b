import type { EpochMs } from './states.js';

/** The facts that tell whether a token still works. */
interface TokenFacts {
  revoked: boolean;
  /** null: never. */
  expiresAt: string | null;
  /** Absent: any number of times. */
  uses?: number;
  maxUses?: number;
}

export type TokenState = 'VALID' | 'REVOKED' | 'EXPIRED' | 'USED UP';

/** Whether a token still works, in one word. */
export function tokenStateOf({ revoked, expiresAt, uses = 0, maxUses }: TokenFacts, now: EpochMs): TokenState {
  if (revoked) return 'REVOKED';
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'EXPIRED';
  return maxUses !== undefined && uses >= maxUses ? 'USED UP' : 'VALID';
}
