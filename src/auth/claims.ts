import type { EpochMs } from '../../contract/states.js';

/** Maximum length of a text claim: longer than any name, id or address. */
const MAX_LENGTH = 512;
/** The latest time that Date can represent, in seconds. */
const END_OF_TIME_S = 8_640_000_000_000;

/**
 * A claim or header field that is text; undefined for anything else. Never converted, since a token's signer chooses the types, and lists and objects are
 * easily turned into text.
 */
export function textClaim(claims: object, name: string): string | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH ? value : undefined;
}

/** A claim that is a time; undefined where it is absent or out of range. */
export function timeClaim(claims: object, name: string): EpochMs | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'number' && value >= 0 && value <= END_OF_TIME_S ? value * 1_000 : undefined;
}

/** A claim that is a whole number; undefined for anything else. */
export function countClaim(claims: object, name: string): number | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function claimOf(claims: object, name: string): unknown {
  return Object.hasOwn(claims, name) ? (claims as Record<string, unknown>)[name] : undefined;
}
