import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type DecipherGCM } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The answer was sealed with another secret, or is not a sealed answer. */
export class ForeignSeal extends Error {
  override readonly name = 'ForeignSeal';
}

/** Encrypts answers with a key derived from the caller's secret, which comes with each request and is never stored. */
export class SealedAnswer {
  readonly #key: Buffer;

  /** @param purpose separates uses: what is sealed for one cannot be opened for another */
  constructor(secret: string, purpose = 'rollcall idempotent answer') {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  }

  seal(body: unknown): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const text = Buffer.concat([cipher.update(JSON.stringify(body ?? null), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** @throws ForeignSeal where another secret sealed it */
  open(sealed: unknown): unknown {
    const bytes = Buffer.from(String(sealed), 'base64url');
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return JSON.parse(unsealed(decipher, bytes.subarray(NONCE_BYTES + TAG_BYTES)));
  }
}

function unsealed(decipher: DecipherGCM, bytes: Buffer): string {
  try {
    return Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new ForeignSeal('the answer was sealed with another secret', { cause });
  }
}
