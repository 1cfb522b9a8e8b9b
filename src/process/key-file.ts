import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { ConfigError } from '../../contract/config/config-error.js';
import { readSetting } from './pem-files.js';

/** Maximum number of keys: enough for a new one each month for five years. */
const MOST_KEYS = 64;
const KEY_BYTES = 32;
/** 32 bytes in base64 or base64url, with or without padding. */
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

const CIPHER = 'aes-256-gcm';
// Lengths in bytes: the nonce precedes the ciphertext, the tag follows it.
const NONCE = 12;
const TAG = 16;

/** An AES-256 key, and the id by which what it encrypted refers to it. */
export interface NamedKey {
  /** 16 hexadecimal digits, derived from the key by a one-way function. */
  id: string;
  key: Buffer;
}

/**
 * Reads the keys in a file, one per line, ignoring empty lines and those that begin with #. The first key encrypts.
 * @param setting the configuration key with the path of the file
 * @throws ConfigError where the file has no keys, or anything else in it; messages never quote its content
 */
export function readKeyFile(setting: string, path: string): NamedKey[] {
  const refuse = (why: string) => {
    throw new ConfigError(
      `${setting}: ${path} ${why}: a key is 32 random bytes in base64 on a line of its own, as \`openssl rand -base64 32\` makes one`,
      setting,
    );
  };
  const keys = readSetting(setting, path)
    .split('\n')
    .map((line, at) => ({ text: line.trim(), number: at + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, number }) => {
      const key = Buffer.from(text, 'base64');
      if (!BASE64_KEY.test(text) || key.length !== KEY_BYTES) refuse(`has no key in line ${number}`);
      return { id: idOf(key), key };
    });
  if (keys.length === 0) refuse('holds no key');
  if (keys.length > MOST_KEYS) refuse(`holds more than ${MOST_KEYS} keys`);
  return keys;
}

/** Encrypts by AES-256-GCM. @param context what it belongs to: it decrypts with the same only */
export function encrypt(bytes: Uint8Array, { key }: NamedKey, context = ''): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error where it was changed, or encrypted with another key or context */
export function decrypt(encrypted: Uint8Array, { key }: NamedKey, context = ''): Buffer {
  const bytes = Buffer.from(encrypted);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]);
}

function idOf(key: Buffer): string {
  return createHmac('sha256', key).update('rollcall: the name of a key for payloads').digest('hex').slice(0, 16);
}
