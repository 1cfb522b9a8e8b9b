import { createHmac } from 'node:crypto';
import { ConfigError } from '../../contract/config/config-error.js';
import { readSetting } from '../process/pem-files.js';

/** The configuration key with the path of the key file. */
export const KEY_FILE_SETTING = 'Orchestrator.Temporal.Payloads.KeyFile';

/** Maximum number of keys: enough for a new one each month for five years. */
const MOST_KEYS = 64;
const KEY_BYTES = 32;
/** 32 bytes in base64 or base64url, with or without padding. */
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/** An AES-256 key, and the id by which payloads refer to it. */
export interface PayloadKey {
  /** 16 hexadecimal digits, derived from the key by a one-way function. */
  id: string;
  key: Buffer;
}

/**
 * Reads the keys in a file, one per line, ignoring empty lines and those that begin with #. The first key encrypts.
 * @throws ConfigError where the file has no keys, or anything else in it; messages never quote its content
 */
export function readPayloadKeys(path: string): PayloadKey[] {
  const refuse = (why: string) => {
    throw new ConfigError(
      `${KEY_FILE_SETTING}: ${path} ${why}: a key is 32 random bytes in base64 on a line of its own, as \`openssl rand -base64 32\` makes one`,
      KEY_FILE_SETTING,
    );
  };
  const keys = readSetting(KEY_FILE_SETTING, path)
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

function idOf(key: Buffer): string {
  return createHmac('sha256', key).update('rollcall: the name of a key for payloads').digest('hex').slice(0, 16);
}
