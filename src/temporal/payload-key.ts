import { createHmac } from 'node:crypto';
import { ConfigError } from '../../contract/config/config-error.js';
import { readSetting } from '../process/pem-files.js';

/** What the setting is called that names the file. */
export const KEY_FILE_SETTING = 'Orchestrator.Temporal.Payloads.KeyFile';

/** Enough for a new key each month of five years. */
const MOST_KEYS = 64;
const KEY_BYTES = 32;
/** In both alphabets of base64, with or without its filling. */
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;

/** A key of AES-256, and what payloads name it by. */
export interface PayloadKey {
  /** 16 hexadecimal digits that follow from the key, and from which nobody finds it. */
  id: string;
  key: Buffer;
}

/**
 * The keys in a file, one a line; empty lines and those that begin with # do not count. The first is the one that encrypts.
 * @throws ConfigError where the file holds no keys, or anything else; what it holds is never repeated
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
