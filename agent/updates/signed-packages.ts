import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { whyFileFailed } from '../process/file-errors.js';

/** Files that an api serves beside its packages: their checksums, and the signature of that list. */
export const SIGNED_LIST = 'SHA256SUMS';
export const SIGNATURE = 'SHA256SUMS.sig';

const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;
const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** An update that must not be installed. The message is one sentence for people. */
export class UpdateRefused extends Error {
  override readonly name = 'UpdateRefused';
}

/** An api does not have it; another may. */
export class NotThere extends UpdateRefused {}

/**
 * The Ed25519 public keys in a PEM file.
 * @throws UpdateRefused if there is none
 */
export function readUpdateKeys(path: string): KeyObject[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UpdateRefused(
      `there is no key to check it with: ${path} cannot be read: ${whyFileFailed(error)}; Compute.Updates.KeysFile names a file of public keys`,
    );
  }
  const keys = (text.match(PUBLIC_KEY) ?? []).flatMap((pem) => {
    try {
      const key = createPublicKey(pem);
      return key.asymmetricKeyType === 'ed25519' ? [key] : [];
    } catch {
      return [];
    }
  });
  if (keys.length === 0) throw new UpdateRefused(`${path} holds no Ed25519 public key in PEM form`);
  return keys;
}

/**
 * The package of a version for this machine, according to the signed list.
 * @param signature of the list, in base64
 * @throws UpdateRefused if none of the keys has signed the list, or it has no such package
 */
export function packageIn(
  list: Buffer,
  signature: string,
  keys: readonly KeyObject[],
  version: string,
  architecture = ARCHITECTURES[process.arch] ?? process.arch,
): { name: string; sha256: string } {
  const bytes = Buffer.from(signature.trim(), 'base64');
  if (!keys.some((key) => verify(null, list, key, bytes)))
    throw new UpdateRefused(`${SIGNED_LIST} is not signed by a key that this agent accepts`);
  const name = `rollcall-agent_${version}_${architecture}.tar.gz`;
  for (const line of list.toString().split('\n')) {
    const [, sha256, listed] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    if (listed === name && sha256 !== undefined) return { name, sha256 };
  }
  throw new NotThere(`the signed list has no ${name}`);
}
