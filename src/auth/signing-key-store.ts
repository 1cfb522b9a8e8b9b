import type { EpochMs } from '../../contract/states.js';

/** The public half of a key by which an api replica signs access tokens; the private half never leaves the replica. */
export interface SigningKeyRecord {
  kid: string;
  /** `x` of the Ed25519 public JWK. */
  publicKeyX: string;
  /** The record disappears then, unless its replica publishes it again. */
  expiresAt: EpochMs;
}

export abstract class SigningKeyStore {
  /** Publishing a known kid again prolongs it. */
  abstract publish(key: SigningKeyRecord): Promise<void>;

  abstract find(kid: string): Promise<SigningKeyRecord | null>;
}
