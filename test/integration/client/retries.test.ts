import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, RollcallProblem, RollcallUnreachable, type RetryOptions } from '../../../client/main.js';
import { problem, startFakeApi, type Answer, type FakeApi } from '../../support/cli/fake-api.js';

let api: FakeApi;
afterEach(() => api.stop());

/** An api that gives each of the answers once, and the last one repeatedly. */
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

describe('a changing request', () => {
  test('is repeated with the same key and body until it is done', async () => {
    const cluster = await rollcall([busy(), busy(429, 'TOO_MANY_REQUESTS'), CREATED]);
    expect(await cluster.createNode({ body: { name: 'node-1' } })).toEqual(CREATED.body);
    expect(new Set(keys())).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
    expect(api.asked.map(({ body }) => body)).toEqual(Array(3).fill({ name: 'node-1' }));
  });

  test('has a key of its own at each call, or the given one', async () => {
    const cluster = await rollcall([CREATED]);
    await cluster.createNode({ body: { name: 'node-1' } });
    await cluster.createNode({ body: { name: 'node-1' } });
    await cluster.createNode({ body: { name: 'node-1' }, headers: { 'Idempotency-Key': 'mine' } });
    expect(new Set(keys()).size).toBe(3);
    expect(keys()[2]).toBe('mine');
  });

  test('waits for its own first attempt, which may still be running', async () => {
    const cluster = await rollcall([busy(), KEY_IN_USE, CREATED]);
    expect(await cluster.createNode({ body: { name: 'node-1' } })).toEqual(CREATED.body);
  });

  test('is refused if its key belongs to another request', async () => {
    const cluster = await rollcall([KEY_IN_USE]);
    await expect(cluster.createNode({ body: { name: 'node-1' } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      passes: false,
    });
    expect(api.asked).toHaveLength(1);
  });

  test('is not repeated if it may have been executed', async () => {
    const cluster = await rollcall([{ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }]);
    await expect(cluster.approveNode({ path: { id: 'node-1' } })).rejects.toMatchObject({
      name: 'RollcallUnreachable',
      status: 502,
    });
    expect(api.asked).toHaveLength(1);
  });
});

test('a redirect is not followed', async () => {
  const cluster = await rollcall([
    { status: 301, contentType: 'text/html', body: 'moved', headers: { location: 'http://127.0.0.1:9/' } },
  ]);
  await expect(cluster.listNodes()).rejects.toMatchObject({ name: 'RollcallUnreachable', status: 301 });
  expect(api.asked).toHaveLength(1);
});

describe('a reading request', () => {
  test('is also repeated after failures of proxies, and has no key', async () => {
    const cluster = await rollcall([
      { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>', ...AT_ONCE },
      { body: { name: 'ana' } },
    ]);
    expect(await cluster.getLogin()).toEqual({ name: 'ana' });
    expect(keys()).toEqual([undefined, undefined]);
  });

  test("is refused with the api's words", async () => {
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

test("a proxy's page instead of an answer is an error", async () => {
  const cluster = await rollcall([{ contentType: 'text/html; charset=utf-8', body: '<h1>Sign in</h1>' }]);
  await expect(cluster.listNodes()).rejects.toMatchObject({ name: 'RollcallUnreachable', status: 200 });
  expect(api.asked).toHaveLength(1);
});

describe('retries end', () => {
  test('after the maximum number of attempts', async () => {
    const cluster = await rollcall([busy()], { attempts: 3 });
    await expect(cluster.listNodes()).rejects.toMatchObject({ code: 'UNAVAILABLE', passes: true });
    expect(api.asked).toHaveLength(3);
  });

  test('at once if the api asks for a longer wait than is left', async () => {
    const cluster = await rollcall([{ ...busy(), headers: { 'retry-after': '30' } }], { withinMs: 20_000 });
    await expect(cluster.listNodes()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(api.asked).toHaveLength(1);
  });

  test('when the server accepts connections but does not answer', async () => {
    api = await startFakeApi(() => new Promise(() => undefined));
    const silent = connect({ server: api.url, token: 'rca_x', retries: { attempts: 2, answerMs: 100 } });
    await expect(silent.listNodes()).rejects.toMatchObject({
      name: 'RollcallUnreachable',
      cause: { message: 'no answer within 0.1 s' },
    });
    expect(api.asked).toHaveLength(2);
  });

  test('when the caller aborts, even during a wait', async () => {
    const cluster = await rollcall([{ ...busy(), headers: { 'retry-after': '30' } }]);
    const stop = new AbortController();
    const call = cluster.listNodes({ signal: stop.signal });
    const waits = setInterval(() => api.asked.length > 0 && stop.abort(), 10);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    clearInterval(waits);
    expect(api.asked).toHaveLength(1);
  });

  test('with the reason if nothing answers', async () => {
    const cluster = await rollcall([]);
    await api.stop();
    const nowhere = connect({ server: api.url, token: 'rca_x', retries: { attempts: 1 } });
    await expect(nowhere.listNodes()).rejects.toBeInstanceOf(RollcallUnreachable);
    expect(cluster.client.getConfig().baseUrl).toBe(api.url);
  });
});
