import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { loadConfig } from '../../../contract/config/load-config.js';
import { SteadyClock } from '../../../src/mechanics/clock.js';
import { PayloadEncryption } from '../../../src/temporal/payload-encryption.js';
import { readKeyFile } from '../../../src/process/key-file.js';
import { PayloadUnreadable } from '../../../src/lifecycle/lifecycle-signals.js';
import { PayloadKeys } from '../../../src/temporal/payload-keys.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

Logger.overrideLogger(false);

const SETTING = 'Orchestrator.Temporal.Payloads';
const newKey = () => randomBytes(32).toString('base64');
const [first, second, third] = [newKey(), newKey(), newKey()];

async function fileOf(...lines: string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'payload.keys');
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** Time that passes as the test says. */
class TestClock extends SteadyClock {
  time = 0;
  override now(): number {
    return this.time;
  }
}

const clock = new TestClock();
const open: PayloadKeys[] = [];
afterEach(() => {
  for (const keys of open.splice(0)) keys.onApplicationShutdown();
});

/** As a process has it whose file holds these keys; without any it is told of no file. */
async function encryptionBy(...lines: string[]) {
  return encryptionOf(lines.length === 0 ? undefined : await fileOf(...lines));
}

function encryptionOf(KeyFile: string | undefined, Encrypt = 'true') {
  const flags = { ...(KeyFile !== undefined && { [`${SETTING}.KeyFile`]: KeyFile, [`${SETTING}.Encrypt`]: Encrypt }) };
  const keys = new PayloadKeys(loadConfig({ env: {}, flags }), clock);
  open.push(keys);
  return new PayloadEncryption(keys);
}

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload<unknown>(value);
const valueOf = (payload: Payload | undefined) => defaultPayloadConverter.fromPayload<unknown>(payload as Payload);
const SESSION = { principal: 'anastasia', statement: 'select * from salaries', resources: { cpu: 0.25 } };
const one = async (payloads: Promise<Payload[]>) => (await payloads)[0] as Payload;

describe('encrypted payloads', () => {
  test('are lossless, of each kind, and show only the name of the key', async () => {
    const path = await fileOf(first);
    const encryption = encryptionOf(path);
    const all = [SESSION, 'anastasia', null, undefined, new Uint8Array([0, 1, 255]), 'x'.repeat(100_000)];
    const encrypted = await encryption.encode(all.map(payloadOf));
    for (const { metadata, data } of encrypted) {
      expect(Object.keys(metadata ?? {})).toEqual(['encoding', 'encryption-key-id']);
      expect(Buffer.from(metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
      expect(Buffer.from(metadata?.['encryption-key-id'] ?? []).toString()).toBe(
        readKeyFile('Orchestrator.Temporal.Payloads.KeyFile', path)[0]?.id,
      );
      // Random bytes spell short words by chance: a hundred thousand of them have `ana` in one run of 170.
      expect(Buffer.from(data ?? []).toString('latin1')).not.toMatch(/anastasia|salaries|principal|xxxxxxxx/);
    }
    expect((await encryption.decode(encrypted)).map(valueOf)).toEqual(all);
  });

  test('never look the same twice', async () => {
    const encryption = await encryptionBy(first);
    const [a, b] = await encryption.encode([payloadOf(SESSION), payloadOf(SESSION)]);
    expect(Buffer.from(a?.data ?? []).equals(Buffer.from(b?.data ?? []))).toBe(false);
  });

  test('are not encrypted twice', async () => {
    const encryption = await encryptionBy(first);
    const once = await encryption.encode([payloadOf(SESSION)]);
    expect(await encryption.encode(once)).toEqual(once);
  });

  test.each([
    ['a bit of it', (data: Buffer) => data.with(20, (data[20] ?? 0) ^ 1)],
    ['its beginning', (data: Buffer) => data.with(0, (data[0] ?? 0) ^ 1)],
    ['its end', (data: Buffer) => data.subarray(0, -1)],
    ['all but a little', (data: Buffer) => data.subarray(0, 5)],
    ['all', () => Buffer.alloc(0)],
  ])('are refused if %s was changed or lost', async (_what, damage) => {
    const encryption = await encryptionBy(first);
    const { metadata, data } = await one(encryption.encode([payloadOf(SESSION)]));
    const damaged = { metadata: metadata ?? null, data: damage(Buffer.from(data ?? [])) };
    await expect(encryption.decode([damaged])).rejects.toThrow(/has encrypted, and it is damaged$/);
  });
});

describe('keys', () => {
  test('the first encrypts, all of them decrypt', async () => {
    const old = await one((await encryptionBy(first)).encode([payloadOf('old')]));
    const encryption = await encryptionBy('# since May', second, '', first);
    expect(valueOf(await one(encryption.decode([old])))).toBe('old');
    const fresh = await one(encryption.encode([payloadOf('fresh')]));
    expect(valueOf(await one((await encryptionBy(second)).decode([fresh])))).toBe('fresh');
    await expect((await encryptionBy(first)).decode([fresh])).rejects.toBeInstanceOf(PayloadUnreadable);
  });

  test('that were just added to the file are found when they are needed', async () => {
    const path = await fileOf(first);
    const encryption = encryptionOf(path);
    const fresh = await one((await encryptionBy(second)).encode([payloadOf('fresh')]));
    const id = readKeyFile(`${SETTING}.KeyFile`, await fileOf(second))[0]?.id;
    await expect(encryption.decode([fresh])).rejects.toThrow(
      `Temporal keeps what is encrypted with key ${id}, and this process does not have that key: add it as a line of ${path} (${SETTING}.KeyFile)`,
    );
    expect(() => encryption.assertReadable()).toThrow(`key ${id}`);
    await writeFile(path, `${first}\n${second}\n`);
    clock.time += 1_000;
    expect(() => encryption.assertReadable()).not.toThrow();
    expect(valueOf(await one(encryption.decode([fresh])))).toBe('fresh');
  });

  test('are reported as missing for as long as payloads need them', async () => {
    const encryption = await encryptionBy(first);
    const fresh = await (await encryptionBy(second)).encode([payloadOf('fresh')]);
    await expect(encryption.decode(fresh)).rejects.toThrow('does not have that key');
    clock.time += 14 * 60_000;
    expect(() => encryption.assertReadable()).toThrow('does not have that key');
    clock.time += 2 * 60_000;
    expect(() => encryption.assertReadable()).not.toThrow();
  });

  test('stay in use if their file becomes invalid', async () => {
    const path = await fileOf(first);
    const encryption = encryptionOf(path);
    const encrypted = await encryption.encode([payloadOf('kept')]);
    await writeFile(path, 'not a key\n');
    clock.time += 1_000;
    const other = await (await encryptionBy(third)).encode([payloadOf('x')]);
    await expect(encryption.decode(other)).rejects.toThrow('does not have that key');
    expect(valueOf(await one(encryption.decode(encrypted)))).toBe('kept');
  });

  test.each([
    ['nothing', [''], 'holds no key'],
    ['a remark alone', ['# none yet'], 'holds no key'],
    ['words', [first, 'correct horse battery staple'], 'has no key in line 2'],
    ['a key that is too short', [randomBytes(16).toString('base64')], 'has no key in line 1'],
    ['a key that is too long', [randomBytes(64).toString('base64')], 'has no key in line 1'],
    ['a hexadecimal key', [randomBytes(32).toString('hex')], 'has no key in line 1'],
    ['65 keys', Array.from({ length: 65 }, newKey), 'holds more than 64 keys'],
  ])('a file with %s is refused in one sentence that repeats nothing of it', async (_what, lines, why) => {
    const path = await fileOf(...lines);
    const refused = () => readKeyFile('Orchestrator.Temporal.Payloads.KeyFile', path);
    expect(refused).toThrow(
      `${SETTING}.KeyFile: ${path} ${why}: a key is 32 random bytes in base64 on a line of its own, as \`openssl rand -base64 32\` makes one`,
    );
    const text = (await readFile(path, 'utf8')).trim();
    for (const line of text.split('\n').filter((part) => part.length > 8))
      expect(refused).not.toThrow(line.slice(0, 16));
  });

  test('a missing file is reported with its setting', () => {
    expect(() => encryptionOf('/nowhere/payload.keys')).toThrow(
      `${SETTING}.KeyFile: /nowhere/payload.keys cannot be read: there is no such file`,
    );
  });
});

describe('without encryption', () => {
  test('nothing changes, and an encrypted payload names the key that it needs', async () => {
    const encryption = await encryptionBy();
    const payloads = [payloadOf(SESSION)];
    expect(encryption.isOn).toBe(false);
    expect(await encryption.encode(payloads)).toEqual(payloads);
    expect(await encryption.decode(payloads)).toEqual(payloads);
    const encrypted = await (await encryptionBy(first)).encode(payloads);
    await expect(encryption.decode(encrypted)).rejects.toThrow(
      /^Temporal keeps what is encrypted with key [0-9a-f]{16}, and this process does not have that key: name the file with it as Orchestrator\.Temporal\.Payloads\.KeyFile$/,
    );
  });

  test('with keys, encrypted and plain payloads can be read', async () => {
    const path = await fileOf(first);
    const encrypted = await encryptionOf(path).encode([payloadOf('was')]);
    const encryption = encryptionOf(path, 'false');
    const [clear] = await encryption.encode([payloadOf('is')]);
    expect((await encryption.decode([...encrypted, clear as Payload])).map(valueOf)).toEqual(['was', 'is']);
    expect(clear).toEqual(payloadOf('is'));
    expect(await encryption.bundleOf({ code: 'workflows' })).toEqual({ code: 'workflows' });
  });
});
