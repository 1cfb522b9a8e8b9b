import { createHmac, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  testWebhook,
} from '../../../client/index.js';
import { readKeyFile } from '../../../src/process/key-file.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { freshDatabase, startApi, type ApiUnderTest } from '../../support/api/api-under-test.js';
import { startWorker } from '../../support/api/worker-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useReceiver } from '../../support/webhooks/receiver.js';

/** Addresses and secrets of webhooks, as MongoDB has them where there are keys for them. */

const mongod = useMongod();
const temporal = useTemporal();
const receiver = useReceiver();
const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

let mongoUri: string;
let running: { api: ApiUnderTest; worker: INestApplicationContext } | undefined;
afterEach(stop);

/** Starts api and worker with these keys; without any in clear. */
async function startWith(keys: string[], settings: Record<string, string> = {}): Promise<ApiUnderTest> {
  const tokens = running && { admin: running.api.adminToken, join: running.api.joinToken };
  await stop();
  const api = await startApi({
    mongoUri,
    ...(tokens && { tokens }),
    temporal: TemporalModule.forClient.bind(TemporalModule),
    settings: {
      'Orchestrator.Temporal.Address': temporal.address,
      'Orchestrator.Webhooks.AllowPrivate': 'true',
      ...(keys.length > 0 && { 'Orchestrator.Webhooks.Secrets.KeyFile': await fileOf(...keys) }),
      ...settings,
    },
  });
  running = { api, worker: await startWorker(api.config) };
  return api;
}

async function stop(): Promise<void> {
  await running?.worker.close();
  await running?.api.close();
}

async function fileOf(...keys: string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'webhook.keys');
  await writeFile(path, `${keys.join('\n')}\n`);
  return path;
}

const idOf = async (key: string) => readKeyFile('a setting', await fileOf(key))[0]?.id ?? '';

const stored = async (api: ApiUnderTest): Promise<string> =>
  JSON.stringify(await api.app.get<Connection>(getConnectionToken()).collection('webhooks').find().toArray());

async function made(api: ApiUnderTest, path: string): Promise<{ id: string; secret: string }> {
  const body = { name: 'receiver', url: `${receiver.url}/${path}` };
  const { data } = await createWebhook({ client: api.admin, body, throwOnError: true });
  return { id: data.webhook.id, secret: data.secret ?? '' };
}

/** Signatures of a test, which is told. */
async function toldBy(api: ApiUnderTest, id: string, path: string): Promise<{ signatures: string; signed: string }> {
  const { data } = await testWebhook({ client: api.admin, path: { id }, throwOnError: true });
  return eventually(() => {
    const told = receiver.told.find((one) => one.path === `/${path}` && one.headers['webhook-id'] === data.id);
    if (told === undefined) throw new Error('it was not told yet');
    const { headers, body } = told;
    const signed = `${data.id}.${String(headers['webhook-timestamp'])}.${body}`;
    return { signatures: String(headers['webhook-signature']), signed };
  });
}

function signatureBy(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

test('are sealed, used, shown and changed as those in clear are', async () => {
  mongoUri = freshDatabase(mongod.uri);
  const api = await startWith([first]);
  const { id, secret } = await made(api, 'sealed-path');
  expect(await stored(api)).toContain(`sealed:${await idOf(first)}:`);
  const { signatures, signed } = await toldBy(api, id, 'sealed-path');
  expect(signatures).toBe(signatureBy(secret, signed));
  expect((await getWebhook({ client: api.admin, path: { id } })).data?.url).toBe(`${receiver.url}/…`);

  await editWebhook({
    client: api.admin,
    path: { id },
    body: { url: `${receiver.url}/other-path` },
    throwOnError: true,
  });
  const rotated = await rotateWebhookSecret({ client: api.admin, path: { id }, body: { overlap: '1h' } });
  const after = await toldBy(api, id, 'other-path');
  expect(after.signatures.split(' ')).toEqual(
    [rotated.data?.secret ?? '', secret].map((one) => signatureBy(one, after.signed)),
  );
  const text = await stored(api);
  for (const clear of ['sealed-path', 'other-path', 'whsec_', secret.slice(6, 30)]) expect(text).not.toContain(clear);
});

// In the database of the test before: a Temporal namespace belongs to one cluster, and this one delivers too.
test('that were sealed under an earlier key are brought under the first, then into clear text, and used all the while', async () => {
  let api = await startWith([first]);
  const { id, secret } = await made(api, 'switched');
  api = await startWith([second, first]);
  const between = await toldBy(api, id, 'switched');
  expect(between.signatures).toBe(signatureBy(secret, between.signed));
  const [former, present] = [await idOf(first), await idOf(second)];
  await eventually(async () => expect(await stored(api)).not.toContain(`sealed:${former}:`), 90_000);
  expect(await stored(api)).toContain(`sealed:${present}:`);
  api = await startWith([second]);
  const after = await toldBy(api, id, 'switched');
  expect(after.signatures).toBe(signatureBy(secret, after.signed));

  api = await startWith([second], { 'Orchestrator.Webhooks.Secrets.Encrypt': 'false' });
  await eventually(async () => expect(await stored(api)).not.toContain('sealed:'), 90_000);
  expect(await stored(api)).toContain(secret);
  api = await startWith([]);
  const clear = await toldBy(api, id, 'switched');
  expect(clear.signatures).toBe(signatureBy(secret, clear.signed));
});

test('that were stored in clear are sealed by the worker', async () => {
  mongoUri = freshDatabase(mongod.uri);
  let api = await startWith([]);
  const { secret } = await made(api, 'from-clear');
  expect(await stored(api)).toContain(secret);
  api = await startWith([first]);
  const key = await idOf(first);
  await eventually(async () => expect((await stored(api)).split(`sealed:${key}:`)).toHaveLength(3));
  expect(await stored(api)).not.toContain(secret);
});

test('whose key is missing are reported as such', async () => {
  mongoUri = freshDatabase(mongod.uri);
  let api = await startWith([first]);
  const { id } = await made(api, 'key-lost');
  api = await startWith([second]);
  expect((await getWebhook({ client: api.admin, path: { id } })).error).toMatchObject({
    code: 'UNAVAILABLE',
    detail: `the secret of webhook ${id} is encrypted with key ${await idOf(first)}, which this process lacks`,
  });
  const other = await made(api, 'readable');
  const { data } = await listWebhooks({ client: api.admin, throwOnError: true });
  expect(new Map(data.items.map((webhook) => [webhook.id, webhook.url]))).toEqual(
    new Map([
      [id, 'not readable: its key is missing'],
      [other.id, `${receiver.url}/…`],
    ]),
  );
  expect((await deleteWebhook({ client: api.admin, path: { id } })).response?.status).toBe(204);
});

test('cannot be moved to another webhook by who writes to the database', async () => {
  mongoUri = freshDatabase(mongod.uri);
  const api = await startWith([first]);
  const [one, other] = [await made(api, 'one'), await made(api, 'other')];
  const webhooks = api.app.get<Connection>(getConnectionToken()).collection<{ _id: string; url: string }>('webhooks');
  const foreign = await webhooks.findOne({ _id: other.id });
  await webhooks.updateOne({ _id: one.id }, { $set: { url: foreign?.url ?? '' } });
  expect((await getWebhook({ client: api.admin, path: { id: one.id } })).error).toMatchObject({
    detail: `the secret of webhook ${one.id} is damaged`,
  });
});
