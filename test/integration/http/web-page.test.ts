import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DescriptionModule } from '../../../src/description.module.js';
import { configureApi, fastifyAdapter } from '../../../src/http/api-server.js';
import { removeFolder } from '../../support/remove-folder.js';

const HTML =
  '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" src="/assets/index-abc123.js"></script>';
const SCRIPT = 'console.log("the page");';
const AS_BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let folder: string;
let app: NestFastifyApplication;
const started: NestFastifyApplication[] = [];

async function start(webFolder: string): Promise<NestFastifyApplication> {
  const made = await NestFactory.create<NestFastifyApplication>(DescriptionModule, fastifyAdapter(), {
    logger: false,
    bodyParser: false,
  });
  await configureApi(made, { isUnavailable: () => false, ready: Promise.resolve() }, webFolder);
  await made.init();
  started.push(made);
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), HTML);
  await writeFile(join(folder, 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'assets', 'index-abc123.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'index-abc123.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(folder, 'assets', 'index-abc123.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'secret.txt.bak'), 'nobody asked for this');
  app = await start(folder);
});
afterAll(async () => {
  for (const made of started) await made.close();
  await removeFolder(folder);
});

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers });

test.each([
  ['/assets/...', {}, 404],
  ['/assets/.hidden', {}, 404],
  ['/assets/index-abc123.js', { range: 'bytes=999999-' }, 400],
  ['/assets/index-abc123.js', { 'if-match': '"another"' }, 400],
])("the odd request %s %j is the client's fault", async (path, headers, status) => {
  const answer = await get(path, headers);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
});

describe('the page', () => {
  test('is at /, is revalidated each time, and has a policy that admits only its own scripts', async () => {
    const [first, second] = [await get('/'), await get('/')];
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    });
    const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? '';
    expect(nonce).toMatch(/^[\w-]{22}$/);
    expect(first.headers['content-security-policy']).toBe(
      `default-src 'none';script-src 'self';style-src 'self' 'nonce-${nonce}';img-src 'self' data:;font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'`,
    );
    expect(second.body).not.toContain(nonce);
  });

  test.each(['/nodes', '/nodes/node-1.example.com', '/nodes/v1', '/anything/at/all?q=1'])(
    'is at %s too, for browsers',
    async (path) => {
      expect(await get(path, AS_BROWSER)).toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
      expect(await get(path)).toMatchObject({
        statusCode: 404,
        headers: { 'content-type': 'application/problem+json' },
      });
    },
  );

  test.each(['/v1/', '/v1/nothing', '/v1/?x', '/docs/nothing', '/metrics/x', '/livez/x', '/openapi.json/x'])(
    'is not at %s: unknown api routes are a problem document',
    async (path) => {
      const answer = await get(path, AS_BROWSER);
      expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
      expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  test('answers other methods with the allowed ones', async () => {
    expect(await app.inject({ method: 'POST', url: '/', payload: {} })).toMatchObject({
      statusCode: 405,
      headers: { allow: 'GET, HEAD' },
    });
    expect(await app.inject({ method: 'POST', url: '/nodes', payload: {} })).toMatchObject({ statusCode: 404 });
  });

  test('has no body for HEAD', async () => {
    expect(await get('/', {}, 'HEAD')).toMatchObject({ statusCode: 200, body: '' });
    expect(await get('/assets/index-abc123.js', {}, 'HEAD')).toMatchObject({ statusCode: 200, body: '' });
  });
});

describe('its files', () => {
  test('are immutable if their name has their hash, and revalidated if not', async () => {
    expect((await get('/assets/index-abc123.js')).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('application/javascript'),
    });
    expect((await get('/favicon.svg')).headers).toMatchObject({
      'cache-control': 'public, max-age=0',
      'content-type': expect.stringContaining('image/svg+xml'),
    });
  });

  test('are compressed for clients that accept it', async () => {
    const [br, gz, plain] = [
      await get('/assets/index-abc123.js', { 'accept-encoding': 'gzip, br' }),
      await get('/assets/index-abc123.js', { 'accept-encoding': 'gzip' }),
      await get('/assets/index-abc123.js'),
    ];
    expect([br.headers['content-encoding'], gz.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(
      ['br', 'gzip', undefined],
    );
    expect([brotliDecompressSync(br.rawPayload), gunzipSync(gz.rawPayload), plain.rawPayload].map(String)).toEqual([
      SCRIPT,
      SCRIPT,
      SCRIPT,
    ]);
    expect(br.headers['content-type']).toContain('application/javascript');
    expect(br.headers.vary).toContain('accept-encoding');
  });

  test.each([
    '/assets/gone-abc.js',
    '/assets/',
    '/assets/../index.html',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/index.html',
    '/secret.txt.bak',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/nothing.js',
  ])('do not include %s', async (path) => {
    for (const headers of [{}, { accept: '*/*' }]) {
      const answer = await get(path, headers);
      expect([path, answer.statusCode, answer.headers['content-type']]).toEqual([
        path,
        404,
        'application/problem+json',
      ]);
    }
  });

  test('a missing asset is not answered with the page, even for a browser that would accept it', async () => {
    const answer = await get('/assets/gone-abc.js', AS_BROWSER);
    expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/problem+json' } });
    expect(answer.headers['cache-control']).toBeUndefined();
  });
});

test('an api that was built without its page says so', async () => {
  const without = await start(join(folder, 'nothing'));
  const answer = await without.inject({ url: '/', headers: AS_BROWSER });
  expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(answer.body).toContain('This api has no web page');
  expect(answer.body).toContain('npm run build');
  expect((await without.inject('/docs')).statusCode).toBe(200);
});
