import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createApiToken } from '../../../client/index.js';
import type { Payloads } from '../../../contract/schemas/payloads.js';
import { PayloadEncryption } from '../../../src/temporal/payload-encryption.js';
import { useApi } from '../../support/api/api-under-test.js';
import { removeFolder } from '../../support/remove-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-codec-'));
afterAll(() => removeFolder(folder));
const keyFile = join(folder, 'payload.keys');
writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`);

const WEB_UI = 'http://127.0.0.1:8233';
const api = useApi({
  settings: {
    'Orchestrator.Temporal.WebUI': `${WEB_UI}/namespaces`,
    'Orchestrator.Temporal.Namespace': 'prod',
    'Orchestrator.Temporal.Payloads.KeyFile': keyFile,
  },
});

/** Bytes in protobuf's JSON. */
const inJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
const PLAIN = [{ principal: 'ana', statement: 'select 1' }, 'reason', null].map((value) =>
  inJson(defaultPayloadConverter.toPayload<unknown>(value)),
);
const asStored = async () => {
  const encryption = api.app.get(PayloadEncryption, { strict: false });
  const payloads = PLAIN.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
    data: Buffer.from(data, 'base64'),
  }));
  return (await encryption.encode(payloads)).map(inJson);
};

const ask = (what: 'decode' | 'encode', body: unknown, headers: Record<string, string> = {}) =>
  api.raw(`/v1/codec/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${api.adminToken}`, ...headers },
    body: JSON.stringify(body),
  });
const answer = async (response: Response | Promise<Response>) => (await (await response).json()) as Payloads;
const corsOf = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));
const LETS_READ = { 'access-control-allow-origin': WEB_UI, 'access-control-allow-credentials': 'true' };

/** As sent by a browser with the Web UI's *include cross-origin credentials*. */
async function asPageOf(origin: string) {
  const login = await api.raw('/v1/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-rollcall-csrf': '1', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: api.adminToken }),
  });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  return (path: string, init: { body?: string; headers?: Record<string, string> } = {}) =>
    api.raw(path, {
      method: 'POST',
      body: '{}',
      ...init,
      headers: { 'content-type': 'application/json', cookie, origin, 'sec-fetch-site': 'same-site', ...init.headers },
    });
}

describe('a request of the Web UI or the command', () => {
  test('is decrypted in order; plain payloads come back unchanged', async () => {
    const stored = await asStored();
    const body = { payloads: [...stored, PLAIN[0]] };
    expect(JSON.stringify(stored)).not.toContain(PLAIN[0]?.data);
    const response = await ask('decode', body, { 'x-namespace': 'prod' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer(response)).toEqual({ payloads: [...PLAIN, PLAIN[0]] });
  });

  test("is encrypted for workflows' input, and can be read again", async () => {
    const encoded = await answer(ask('encode', { payloads: PLAIN }));
    expect(encoded.payloads.map(({ metadata }) => metadata?.['encoding'])).toEqual(
      PLAIN.map(() => Buffer.from('binary/encrypted').toString('base64')),
    );
    expect(await answer(ask('decode', encoded))).toEqual({ payloads: PLAIN });
  });

  test('may be empty, and may omit empty fields', async () => {
    expect(await answer(ask('decode', { payloads: [] }, { 'x-namespace': '' }))).toEqual({ payloads: [] });
    expect(await answer(ask('decode', { payloads: [{ metadata: null, externalPayloads: [] }] }))).toEqual({
      payloads: [{ metadata: {}, data: '' }],
    });
  });

  test('may be as large as a Temporal message, and no larger', async () => {
    const large = (bytes: number) => ({ payloads: [{ ...PLAIN[0], data: Buffer.alloc(bytes).toString('base64') }] });
    expect((await ask('encode', large(2 * 1_024 * 1_024))).status).toBe(200);
    expect((await ask('encode', large(4 * 1_024 * 1_024))).status).toBe(413);
  });
});

describe('is refused in one sentence', () => {
  test.each([
    [
      'what is not base64',
      { payloads: [{ metadata: { encoding: 'binary/encrypted!' } }] },
      'payloads.0.metadata.encoding: bytes are written in base64',
    ],
    ['a field that it does not have', { payloads: [], workflow: 'x' }, 'workflow is not a field of this request'],
    ['another namespace', { payloads: [] }, 'X-Namespace: this cluster has the keys of namespace prod only'],
  ])('%s', async (what, body, detail) => {
    const response = await ask('decode', body, { 'x-namespace': what === 'another namespace' ? 'test' : 'prod' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_FAILED', detail });
  });

  test("if no key here decrypts it, with the payload's position", async () => {
    const [stored] = await asStored();
    const strange = {
      ...stored,
      metadata: { ...stored?.metadata, 'encryption-key-id': Buffer.from('0123456789abcdef').toString('base64') },
    };
    const response = await ask('decode', { payloads: [stored, strange] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: 'payloads.1',
      detail: expect.stringMatching(/^payloads\.1: Temporal keeps what is encrypted with key 0123456789abcdef, and/),
    });
  });

  test("when it is a viewer's or nobody's", async () => {
    const { data } = await createApiToken({ client: api.admin, body: { name: 'dashboard', role: 'viewer' } });
    const { data: operator } = await createApiToken({ client: api.admin, body: { name: 'on-call', role: 'operator' } });
    const status = async (authorization: string) => (await ask('decode', { payloads: [] }, { authorization })).status;
    expect(await status(`Bearer ${data?.token}`)).toBe(403);
    expect(await status('Bearer rca_nobody')).toBe(401);
    expect(await status(`Bearer ${operator?.token}`)).toBe(200);
  });
});

describe('in a browser', () => {
  const preflight = (origin: string, path = '/v1/codec/decode') =>
    api.raw(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-namespace',
      },
    });

  test("a request of the Web UI's page is answered for the person logged in at the api", async () => {
    const allowed = await preflight(WEB_UI);
    expect(allowed.status).toBe(204);
    expect(corsOf(allowed)).toEqual({
      ...LETS_READ,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, x-namespace',
      'access-control-max-age': '600',
    });
    const page = await asPageOf(WEB_UI);
    const response = await page('/v1/codec/decode', { body: JSON.stringify({ payloads: await asStored() }) });
    expect(corsOf(response)).toEqual(LETS_READ);
    expect(await answer(response)).toEqual({ payloads: PLAIN });
    // The reason of the refusal, too.
    expect(corsOf(await ask('decode', {}, { origin: WEB_UI }))).toEqual(LETS_READ);
  });

  test('a request of another origin is refused', async () => {
    for (const origin of ['http://127.0.0.1:8234', 'https://127.0.0.1:8233', 'http://evil.example', 'null']) {
      expect(corsOf(await preflight(origin))).toEqual({});
      const page = await asPageOf(origin);
      expect(corsOf(await page('/v1/codec/decode', { body: '{"payloads":[]}' }))).toEqual({});
      // A request without a preflight is not even read.
      expect((await page('/v1/codec/decode', { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    }
  });

  test("a request of the Web UI's page is refused by other routes", async () => {
    const page = await asPageOf(WEB_UI);
    const elsewhere = await preflight(WEB_UI, '/v1/nodes');
    expect([elsewhere.ok, corsOf(elsewhere)]).toEqual([false, {}]);
    const made = await page('/v1/nodes', { body: '{"name":"by-the-web-ui"}' });
    expect([made.status, corsOf(made)]).toEqual([403, {}]);
  });
});
