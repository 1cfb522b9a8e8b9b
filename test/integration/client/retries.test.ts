import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, RollcallProblem, RollcallUnreachable, type RetryOptions } from '../../../client/main.js';
import { problem, startFakeApi, type Answer, type FakeApi } from '../../support/cli/fake-api.js';

let api: FakeApi;
afterEach(() => api.stop());

/** An api that gives each of the answers once, and the last of them for ever. */
async function rollcall(answers: Answer[], retries: RetryOptions = {}) {
  const left = [...answers];
  api = await startFakeApi(() => (left.length > 1 ? left.shift() : left[0]) ?? { body: {} });
  return connect({ server: api.url, token: 'rca_x', retries });
}

const AT_ONCE = { headers: { 'retry-after': '0' } };
const busy = (status = 503, code = 'UNAVAILABLE'): Answer => ({ ...problem(status, code, 'try again'), ...AT_ONCE });
const KEY_IN_USE: Answer = { ...problem(409, 'IDEMPOTENCY_KEY_REUSED', 'under way'), ...AT_ONCE };
const keys = () => api.asked.map(({ headers }) => headers['idempotency-key']);
const CREATED: Answer = { status: 201, body: { bootstrapToken: 'rcb_x' } };

describe('what changes something', () => {
  test('is repeated with the same key and body until it is done', async () => {
    const cluster = await rollcall([busy(), busy(429, 'TOO_MANY_REQUESTS'), CREATED]);
    expect(await cluster.createNode({ body: { name: 'node-1' } })).toEqual(CREATED.body);
    expect(new Set(keys())).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
    expect(api.asked.map(({ body }) => body)).toEqual(Array(3).fill({ name: 'node-1' }));
  });

  test('has a key of its own at each call, or the one that is given', async () => {
    const cluster = await rollcall([CREATED]);
    await cluster.createNode({ body: { name: 'node-1' } });
    await cluster.createNode({ body: { name: 'node-1' } });
    await cluster.createNode({ body: { name: 'node-1' }, headers: { 'Idempotency-Key': 'mine' } });
    expect(new Set(keys()).size).toBe(3);
    expect(keys()[2]).toBe('mine');
  });

  test('waits for its own first attempt, which may be under way', async () => {
    const cluster = await rollcall([busy(), KEY_IN_USE, CREATED]);
    expect(await cluster.createNode({ body: { name: 'node-1' } })).toEqual(CREATED.body);
  });

  test('is refused where its key belongs to another request', async () => {
    const cluster = await rollcall([KEY_IN_USE]);
    await expect(cluster.createNode({ body: { name: 'node-1' } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      passes: false,
    });
    expect(api.asked).toHaveLength(1);
  });

  test('is not repeated where nobody knows what became of it', async () => {
    const cluster = await rollcall([{ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }]);
    await expect(cluster.approveNode({ path: { id: 'node-1' } })).rejects.toMatchObject({
      name: 'RollcallUnreachable',
      status: 502,
    });
    expect(api.asked).toHaveLength(1);
  });
});

test('nothing is sent on to another address', async () => {
  const cluster = await rollcall([
    { status: 301, contentType: 'text/html', body: 'moved', headers: { location: 'http://127.0.0.1:9/' } },
  ]);
  await expect(cluster.listNodes()).rejects.toMatchObject({ name: 'RollcallUnreachable', status: 301 });
  expect(api.asked).toHaveLength(1);
});

describe('what reads', () => {
  test('is repeated after proxies that fail too, and has no key', async () => {
    const cluster = await rollcall([
      { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>', ...AT_ONCE },
      { body: { name: 'ana' } },
    ]);
    expect(await cluster.getLogin()).toEqual({ name: 'ana' });
    expect(keys()).toEqual([undefined, undefined]);
  });

  test('is refused in the words of the api', async () => {
    const refusal = problem(404, 'NODE_NOT_FOUND', 'there is no node node-9', { hint: 'See rollcall node list' });
    const cluster = await rollcall([
      { ...refusal, body: { ...(refusal.body as object), instance: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e' } },
    ]);
    const error: unknown = await cluster.getNode({ path: { id: 'node-9' } }).catch((why: unknown) => why);
    expect(error).toBeInstanceOf(RollcallProblem);
    expect(error).toMatchObject({
      message: 'there is no node node-9',
      code: 'NODE_NOT_FOUND',
      status: 404,
      hint: 'See rollcall node list',
      requestId: '0f8fad5b-d9cb-469f-a165-70867728950e',
      passes: false,
    });
    expect(api.asked).toHaveLength(1);
  });
});

test('a page of something before the api is no answer', async () => {
  const cluster = await rollcall([{ contentType: 'text/html; charset=utf-8', body: '<h1>Sign in</h1>' }]);
  await expect(cluster.listNodes()).rejects.toMatchObject({ name: 'RollcallUnreachable', status: 200 });
  expect(api.asked).toHaveLength(1);
});

describe('the end of patience', () => {
  test('comes after so many attempts', async () => {
    const cluster = await rollcall([busy()], { attempts: 3 });
    await expect(cluster.listNodes()).rejects.toMatchObject({ code: 'UNAVAILABLE', passes: true });
    expect(api.asked).toHaveLength(3);
  });

  test('comes at once where the api asks for more of it than there is', async () => {
    const cluster = await rollcall([{ ...busy(), headers: { 'retry-after': '30' } }], { withinMs: 20_000 });
    await expect(cluster.listNodes()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(api.asked).toHaveLength(1);
  });

  test('comes where what is there does not answer', async () => {
    api = await startFakeApi(() => new Promise(() => undefined));
    const silent = connect({ server: api.url, token: 'rca_x', retries: { attempts: 2, answerMs: 100 } });
    await expect(silent.listNodes()).rejects.toMatchObject({
      name: 'RollcallUnreachable',
      cause: { message: 'no answer within 0.1 s' },
    });
    expect(api.asked).toHaveLength(2);
  });

  test('comes when the caller gives up, while it waits too', async () => {
    const cluster = await rollcall([{ ...busy(), headers: { 'retry-after': '30' } }]);
    const stop = new AbortController();
    const call = cluster.listNodes({ signal: stop.signal });
    const waits = setInterval(() => api.asked.length > 0 && stop.abort(), 10);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    clearInterval(waits);
    expect(api.asked).toHaveLength(1);
  });

  test('comes with the reason where nothing answers', async () => {
    const cluster = await rollcall([]);
    await api.stop();
    const nowhere = connect({ server: api.url, token: 'rca_x', retries: { attempts: 1 } });
    await expect(nowhere.listNodes()).rejects.toBeInstanceOf(RollcallUnreachable);
    expect(cluster.client.getConfig().baseUrl).toBe(api.url);
  });
});
