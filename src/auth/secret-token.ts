import { createHash, randomBytes, timingSafeEqual, hash } from 'node:crypto';

/** What a token opens: an administrator's api token, a join token, a slot's bootstrap token, or that it is the login of a command line. */
export type TokenPrefix = 'rca' | 'rcj' | 'rcb' | 'rcl';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const PATTERN = /^(rca|rcj|rcb|rcl)_([A-Za-z0-9]{16})_([A-Za-z0-9_-]{43})$/;

/** What only its owner has, and nobody can guess. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is kept of a secret. 256 random bits need no slower hash, and looking one up by its hash tells nothing by the time it takes. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

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
  /** Of the secret half. */
  secretHash: string;
}

/** @param id of a token that gets another secret; absent: a new token */
export function mintToken(prefix: TokenPrefix, id = randomBytes(ID_BYTES).toString('hex')): MintedToken {
  const secret = newSecret();
  return { id, secretHash: hashOfSecret(secret), text: `${prefix}_${id}_${secret}` };
}

export function parseToken(text: string): ParsedToken | undefined {
  const [, prefix, id, secret] = PATTERN.exec(text) ?? [];
  if (prefix === undefined || id === undefined || secret === undefined) return undefined;
  return { prefix: prefix as TokenPrefix, id, secretHash: hashOfSecret(secret) };
}

/** Whether a bearer is the login of a command line. */
export function isLoginToken(bearer: string): boolean {
  return parseToken(bearer)?.prefix === 'rcl';
}

/** Takes the same time wherever the hashes differ. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * What a credential is remembered by: secrets are not kept in memory for longer than their request, and a whole fleet's would fill it.
 * As 32 characters, of a byte each.
 */
export function credentialDigest(credential: string): string {
  return hash('sha256', credential, 'binary');
}
