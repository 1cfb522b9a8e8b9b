import { tokenStateOf, type TokenState } from '../../../contract/token-state.js';
import type { EpochMs } from '../../../contract/states.js';
import { StateWord, type Tone } from '../parts/state-word.js';
import { useNow } from '../time/use-now.js';

const LOOKS: Record<TokenState, { word: string; tone: Tone }> = {
  VALID: { word: 'Valid', tone: 'ok' },
  REVOKED: { word: 'Revoked', tone: 'idle' },
  EXPIRED: { word: 'Expired', tone: 'idle' },
  'USED UP': { word: 'Used up', tone: 'idle' },
};

/** Whether a token still works. */
export function TokenStateWord({ token }: { token: Parameters<typeof tokenStateOf>[0] }) {
  const { word, tone } = LOOKS[tokenStateOf(token, useNow())];
  return <StateWord tone={tone}>{word}</StateWord>;
}

/** Why a token cannot be given another secret, as a sentence; undefined if it can. */
export function whyNotRotated(token: Parameters<typeof tokenStateOf>[0], now: EpochMs): string | undefined {
  const state = tokenStateOf(token, now);
  return state === 'VALID' ? undefined : `It no longer works: ${LOOKS[state].word.toLowerCase()}.`;
}

/** Why a token cannot be revoked, as a sentence; undefined if it can. */
export function whyNotRevoked(token: { revoked: boolean }): string | undefined {
  return token.revoked ? 'It is already revoked.' : undefined;
}
