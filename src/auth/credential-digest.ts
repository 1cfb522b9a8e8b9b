import { hash } from 'node:crypto';

/**
 * What a credential is remembered by: secrets are not kept in memory for longer than their request, and a whole fleet's would fill it.
 * As 32 characters, of a byte each.
 */
export function credentialDigest(credential: string): string {
  return hash('sha256', credential, 'binary');
}
