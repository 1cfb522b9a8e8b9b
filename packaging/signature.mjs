import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/**
 * An operator's key, by which agents recognize packages for them.
 *
 * @typedef {object} Signer
 * @property {string} publicKey PEM, for agents
 * @property {(bytes: Buffer) => string} sign as base64
 */

/**
 * @param {string} path of a private key (Ed25519, PEM)
 * @returns {Promise<Signer>}
 * @throws Error if it is not such a key
 */
export async function readSigner(path) {
  const key = createPrivateKey(await readFile(path));
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${path} is no Ed25519 key: openssl genpkey -algorithm ed25519`);
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(null, bytes, key).toString('base64'),
  };
}
