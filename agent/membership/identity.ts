import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { RegisterRequest } from '../../contract/schemas/agents.js';

/** An Ed25519 private key as JWK. It never leaves the node. */
export interface PrivateKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  d: string;
}

/** The registration that the orchestrator knows under this key. */
export interface Registration {
  /** The node's name. */
  id: string;
  /** Distinguishes incarnations of a name. */
  uid: string;
  privateKey: PrivateKey;
  /** Fingerprint of the token that was used, so that a new one in the configuration is noticed. */
  tokenFingerprint: string;
  /** Address of the orchestrator that accepted the registration. */
  orchestrator: string;
  registeredAt: string;
  /** When the present key replaced another; absent for the key that the node joined with. */
  keySince?: string;
}

/** The node's identity. */
export interface Identity {
  registration: Registration | null;
  /** A key that is to be registered or to replace the present one, or may have been: kept from before the first attempt until the answer is known. */
  candidate: PrivateKey | null;
}

export function newPrivateKey(): PrivateKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'jwk' }) as PrivateKey;
}

/** The public half of the key. */
export function publicKeyOf({ kty, crv, x }: PrivateKey): RegisterRequest['publicKey'] {
  return { kty, crv, x };
}

/** Whether `value` is a key whose halves match: a file that was edited or truncated fails here, not at the orchestrator. */
export function isPrivateKey(value: unknown): value is PrivateKey {
  if (typeof value !== 'object' || value === null) return false;
  const { kty, crv, x, d } = value as Partial<PrivateKey>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || typeof d !== 'string') return false;
  try {
    const derived = createPublicKey(createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' })).export({
      format: 'jwk',
    });
    return derived.x === x;
  } catch {
    return false;
  }
}

/** Identifies a token without keeping it: tokens are 256 random bits, so the hash reveals nothing. */
export function fingerprintOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
