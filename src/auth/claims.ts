import type { EpochMs } from '../../contract/states.js';

/** Longer than any name, id or address that a claim of ours or of an issuer holds. */
const MAX_LENGTH = 512;
/** The last moment that a Date can be, in seconds. */
const END_OF_TIME_S = 8_640_000_000_000;

/**
 * A claim (or a header's field) that is text; undefined where it is absent or anything else. Whoever signs decides what is in
 * a token, and a list or an object becomes text all too easily.
 */
export function textClaim(claims: object, name: string): string | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH ? value : undefined;
}

/** A claim that is a moment; undefined where it is absent, or no moment that there will ever be. */
export function timeClaim(claims: object, name: string): EpochMs | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'number' && value >= 0 && value <= END_OF_TIME_S ? value * 1_000 : undefined;
}

/** A claim that counts something; undefined where it is absent or no whole number. */
export function countClaim(claims: object, name: string): number | undefined {
  const value = claimOf(claims, name);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function claimOf(claims: object, name: string): unknown {
  return Object.hasOwn(claims, name) ? (claims as Record<string, unknown>)[name] : undefined;
}
