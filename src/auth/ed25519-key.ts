import { createPublicKey, type KeyObject } from 'node:crypto';

/** @param x of the public JWK: 32 bytes in base64url. @throws Error where they are no point on the curve */
export function ed25519PublicKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
