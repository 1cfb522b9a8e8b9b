import type { EpochMs } from './states.js';

/** What there is to know of a token to tell whether it still works. */
interface TokenFacts {
  revoked: boolean;
  /** null: never. */
  expiresAt: string | null;
  /** Absent: as often as one likes. */
  uses?: number;
  maxUses?: number;
}

export type TokenState = 'VALID' | 'REVOKED' | 'EXPIRED' | 'USED UP';

/** In one word whether a token still works. */
export function tokenStateOf({ revoked, expiresAt, uses = 0, maxUses }: TokenFacts, now: EpochMs): TokenState {
  if (revoked) return 'REVOKED';
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'EXPIRED';
  return maxUses !== undefined && uses >= maxUses ? 'USED UP' : 'VALID';
}
