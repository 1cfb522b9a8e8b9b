import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newTrace } from '../../../contract/process/trace-context.js';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { Refused, Unavailable } from '../../../agent/control-plane/control-plane.js';
import { HttpControlPlane } from '../../../agent/control-plane/http-control-plane.js';
import { Orchestrators } from '../../../agent/control-plane/orchestrators.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';

const BOOT = '6c22ad28-4cff-46f6-bfb4-c48f2c39172e';
const RESOURCES = {
  cpu: { cores: 1, utilization: 0 },
  memory: { totalBytes: 1, usedBytes: 0, availableBytes: 1 },
  disk: { totalBytes: 1, usedBytes: 0, availableBytes: 1 },
  gpus: [],
  connections: 0,
};
/** A privileged port on which nobody listens. */
const CLOSED = 'http://127.0.0.1:2';
const NEVER = new AbortController().signal;

let first: ScriptedOrchestrator;
let second: ScriptedOrchestrator;
let seq: number;

beforeEach(async () => {
  [first, second] = [await new ScriptedOrchestrator().start(), await new ScriptedOrchestrator().start()];
  seq = 0;
});

afterEach(async () => {
  await Promise.all([first.stop(), second.stop()]);
  expect([...first.malformed, ...second.malformed]).toEqual([]);
});

const planeTo = (addresses: string[], { heartbeatIntervalMs }: { heartbeatIntervalMs?: number } = {}) =>
  new HttpControlPlane(
    new Orchestrators(addresses, systemClock, new LogRecorder()),
    systemClock,
    'rollcall-agent/test',
    heartbeatIntervalMs,
  );
const beat = (plane: HttpControlPlane, stop = NEVER) =>
  plane.heartbeat('token', () => ({ bootId: BOOT, seq: ++seq, resources: RESOURCES }), stop);
const failure = async (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('keeps connections open', async () => {
  const plane = planeTo([first.url]);
  for (let call = 0; call < 10; call++) await beat(plane);
  // An immediate next call may come before the first one's connection is free again.
  expect(new Set(first.calls.map(({ connection }) => connection)).size).toBeLessThanOrEqual(2);
  expect(first.calls[0]?.authorization).toBe('Bearer token');
});

describe('asks the next replica when the first', () => {
  test('is unreachable', async () => {
    const plane = planeTo([CLOSED, second.url]);
    await beat(plane);
    await beat(plane);
    expect(second.to('heartbeat')).toHaveLength(2);
  });

  test.each([
    ['breaks the connection', { fault: 'break' as const }],
    ['has lost its database', { status: 503, body: { code: 'UNAVAILABLE', detail: 'MongoDB does not answer' } }],
    ['fails', { status: 500, body: { code: 'INTERNAL', detail: 'the api failed' } }],
    ['has too much to do', { status: 429, body: { code: 'TOO_MANY_REQUESTS', detail: 'too many' } }],
    ['is a proxy without a backend', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['is something else', { status: 404, body: '<html>Not Found</html>' }],
    ['is a captive portal', { status: 200, body: '<html>Log in</html>' }],
    ['leads elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['answers nonsense', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"approval":' }],
  ])('%s', async (_name, reply) => {
    first.answer(() => reply);
    const plane = planeTo([first.url, second.url]);
    expect(await beat(plane)).toMatchObject({ approval: 'APPROVED' });
    // No two attempts have the same seq: the first may have arrived although its answer was lost.
    expect(second.to('heartbeat').map(({ body }) => body)).toMatchObject([{ seq: 2 }]);
    await beat(plane);
    expect(first.to('heartbeat')).toHaveLength(1);
  });
});

test('starts a trace for each call when traces are collected, except for calls that the api does not record', async () => {
  const begun: string[] = [];
  const plane = new HttpControlPlane(
    new Orchestrators([first.url], systemClock, new LogRecorder()),
    systemClock,
    'rollcall-agent/test',
    undefined,
    (call) => {
      const trace = newTrace();
      begun.push(`${call} ${trace.headers.traceparent}`);
      return trace;
    },
  );
  await plane.accessToken('assertion', NEVER);
  await beat(plane);
  await plane.goodbye('token', { bootId: BOOT, reason: 'stopped' }, NEVER);
  expect(first.calls.map(({ path, traceparent }) => [path, traceparent])).toEqual([
    ['/v1/agent/token', begun[0]?.split(' ')[1]],
    ['/v1/agent/heartbeat', undefined],
    ['/v1/agent/goodbye', begun[1]?.split(' ')[1]],
  ]);
  expect(begun).toMatchObject([expect.stringMatching(/^accessToken 00-/), expect.stringMatching(/^goodbye 00-/)]);
  await beat(planeTo([first.url]));
  await planeTo([first.url]).accessToken('assertion', NEVER);
  expect(first.calls.slice(3).map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
});

test('does not ask the next replica after a refusal', async () => {
  first.answer(() => ({ status: 403, body: { code: 'NODE_REJECTED_BY_ADMINISTRATOR', detail: 'Unauthorized node' } }));
  const error = await failure(beat(planeTo([first.url, second.url])));
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({
    status: 403,
    message: 'Unauthorized node',
    fault: { code: 'NODE_REJECTED_BY_ADMINISTRATOR' },
  });
  expect((error as Refused).serverTime).toBeGreaterThan(0);
  expect(second.calls).toEqual([]);
});

test('accepts a refusal with a code that only a newer api knows', async () => {
  const body = { code: 'NODE_QUARANTINED', detail: 'the node is in quarantine', since: 'today' };
  first.answer(() => ({ status: 409, body }));
  const error = await failure(beat(planeTo([first.url, second.url])));
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({
    status: 409,
    fault: { code: 'NODE_QUARANTINED', detail: 'the node is in quarantine' },
  });
  expect(second.calls).toEqual([]);
});

test('reports all reasons when no replica can answer, and the soonest Retry-After', async () => {
  first.answer(() => ({
    status: 503,
    headers: { 'retry-after': '30' },
    body: { code: 'UNAVAILABLE', detail: 'MongoDB does not answer' },
  }));
  second.answer(() => ({ status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }));
  const error = await failure(beat(planeTo([first.url, second.url, CLOSED])));
  expect(error).toBeInstanceOf(Unavailable);
  expect(error).toMatchObject({
    retryAfterMs: 7_000,
    message: `${first.url}: MongoDB does not answer; ${second.url}: it answers HTTP 429; ${CLOSED} does not answer: nothing listens there`,
  });
});

test('describes a name that does not resolve and a port without TLS in words', async () => {
  expect(await failure(beat(planeTo(['http://nowhere.invalid:8480'])))).toMatchObject({
    message: expect.stringMatching(/its name cannot be resolved/),
  });
  expect(await failure(beat(planeTo([first.url.replace('http:', 'https:')])))).toMatchObject({
    message: expect.stringMatching(/^https:.* does not answer: /),
  });
});

test('gives up a silent replica when the next heartbeat is due, and asks the next', async () => {
  first.answer(() => ({ fault: 'hang' }));
  second.answer(() => ({ status: 429, body: 'slow down' }));
  expect(await failure(beat(planeTo([first.url, second.url], { heartbeatIntervalMs: 1_000 })))).toMatchObject({
    message: `${first.url} does not answer: no answer within 2 s; ${second.url}: it answers HTTP 429`,
  });
});

test('aborts a call when the agent has to stop', async () => {
  first.answer(() => ({ fault: 'hang' }));
  const stop = new AbortController();
  const call = failure(beat(planeTo([first.url, second.url]), stop.signal));
  setTimeout(() => stop.abort('SIGTERM'), 50);
  expect(await call).toBe('SIGTERM');
  expect(second.calls).toEqual([]);
});
