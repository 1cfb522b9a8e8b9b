import { createHash, randomBytes, timingSafeEqual, hash } from 'node:crypto';

/** What a token opens: an administrator's api token, a join token, a slot's bootstrap token. */
export type TokenPrefix = 'rca' | 'rcj' | 'rcb';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const PATTERN = /^(rca|rcj|rcb)_([A-Za-z0-9]{16})_([A-Za-z0-9_-]{43})$/;

/** A token just made: `text` is shown once, `id` and `secretHash` are kept. */
export interface MintedToken {
  id: string;
  secretHash: string;
  text: string;
}

export interface ParsedToken {
  prefix: TokenPrefix;
  /** The public half: it names the token in lists and logs. */
  id: string;
  /** SHA-256 of the secret half. 256 random bits need no slower hash. */
  secretHash: string;
}

/** @param id of a token that gets another secret; absent: a new token */
export function mintToken(prefix: TokenPrefix, id = randomBytes(ID_BYTES).toString('hex')): MintedToken {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, secretHash: hashOf(secret), text: `${prefix}_${id}_${secret}` };
}

export function parseToken(text: string): ParsedToken | undefined {
  const [, prefix, id, secret] = PATTERN.exec(text) ?? [];
  if (prefix === undefined || id === undefined || secret === undefined) return undefined;
  return { prefix: prefix as TokenPrefix, id, secretHash: hashOf(secret) };
}

/** Takes the same time wherever the hashes differ. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/**
 * What a credential is remembered by: secrets are not kept in memory for longer than their request, and a whole fleet's would fill it.
 * As 32 characters, of a byte each.
 */
export function credentialDigest(credential: string): string {
  return hash('sha256', credential, 'binary');
}
