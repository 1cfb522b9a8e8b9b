import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { run } from '../../cli/run.js';
import { fakeTerminal } from '../support/cli/fake-terminal.js';
import { eventually } from '../support/eventually.js';
import { FaultCluster } from '../support/cluster/fault-cluster.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';
import { useInSuite } from '../support/use-in-suite.js';

const collector = useInSuite(
  () => new OtlpReceiver().start(),
  (started) => started.stop(),
);
const cluster = useInSuite(
  () =>
    FaultCluster.start(
      ['node-1'],
      { DisconnectTimeout: '30s', UnknownTimeout: '30s' },
      { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' } },
    ),
  (started) => started.end(),
);

/** A caller's own trace, to which its request to the api belongs. */
function callersTrace() {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

function request(method: string, path: string, traceparent: string, body?: object): Promise<Response> {
  return fetch(`${cluster.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${cluster.adminToken}`,
      traceparent,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Spans from this one to the root of its trace. */
function ancestry(span: ReceivedSpan, all: readonly ReceivedSpan[]): string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return [`${span.service} ${span.name}`, ...(parent ? ancestry(parent, all) : [String(span.parentSpanId)])];
}

const isOfMongoDB = ({ attributes }: ReceivedSpan) =>
  (attributes['db.system.name'] ?? attributes['db.system']) === 'mongodb';

test("a caller's trace continues through request and signal to the workflow's activity and to MongoDB", async () => {
  const { traceId, spanId, traceparent } = callersTrace();
  const answer = await request('POST', '/v1/nodes/node-1/deactivate', traceparent, { reason: 'new disks' });
  expect(answer.status).toBeLessThan(300);
  expect(answer.headers.get('traceresponse')).toMatch(new RegExp(`^00-${traceId}-`));
  await eventually(() => {
    const spans = collector.of(traceId);
    const activity = spans.find(({ name }) => name === 'RunActivity:projectNode');
    expect(activity && ancestry(activity, spans)).toEqual([
      'rollcall-worker RunActivity:projectNode',
      'rollcall-api SignalWorkflow:deactivate',
      'rollcall-api POST /v1/nodes/:id/deactivate',
      spanId,
    ]);
    const asked = spans.filter(isOfMongoDB).map((span) => ancestry(span, spans));
    for (const by of ['rollcall-api POST /v1/nodes/:id/deactivate', 'rollcall-worker RunActivity:projectNode'])
      expect(asked).toContainEqual(expect.arrayContaining([by]));
  }, 60_000);
}, 180_000);

test("an agent's request starts a trace at the agent", async () => {
  await eventually(() => {
    for (const name of ['POST /v1/agent/register', 'POST /v1/agent/token']) {
      const asked = collector.spans.filter((span) => span.name === name);
      expect([name, asked.length > 0]).toEqual([name, true]);
      expect(asked.filter(({ parentSpanId }) => !parentSpanId)).toEqual([]);
    }
  }, 60_000);
});

test('a command continues the trace of its environment, and shows its id when it fails', async () => {
  const { traceId, spanId, traceparent } = callersTrace();
  const rollcall = async (env: Record<string, string>) => {
    const access = { ROLLCALL_SERVER: cluster.url, ROLLCALL_TOKEN: cluster.adminToken };
    const terminal = fakeTerminal({ now: Date.now(), env: { ...access, ...env } });
    expect(await run(['node', 'describe', 'nowhere'], terminal, new AbortController().signal)).toBe(5);
    return terminal.err();
  };
  expect(await rollcall({ TRACEPARENT: traceparent })).toMatch(
    new RegExp(`^NODE_NOT_FOUND: .* \\(trace ${traceId}\\)\n$`),
  );
  await eventually(() => {
    const spans = collector.of(traceId);
    const asked = spans.find(({ name }) => name === 'GET /v1/nodes/:id');
    expect(asked && ancestry(asked, spans)).toEqual(['rollcall-api GET /v1/nodes/:id', spanId]);
  }, 60_000);
  // Its own trace, when a fault is being debugged.
  const [, own = ''] = /^trace ([0-9a-f]{32})$/m.exec(await rollcall({ ROLLCALL_DEBUG: '1' })) ?? [];
  await eventually(() => expect(collector.of(own).map(({ name }) => name)).toContain('GET /v1/nodes/:id'), 60_000);
  expect(await rollcall({})).not.toContain('trace');
}, 180_000);

test("a problem and the api's log have the trace's id", async () => {
  const { traceId, traceparent } = callersTrace();
  const answer = await request('GET', '/v1/nodes/nowhere', traceparent);
  expect(await answer.json()).toMatchObject({ status: 404, traceId });
  await eventually(async () => {
    const lines = (await readFile(cluster.home.logOf('api'), 'utf8')).split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`"path":"/v1/nodes/nowhere".*|"traceId":"${traceId}"`)),
    );
    expect(lines.filter((line) => line.includes('/v1/nodes/nowhere')).join('')).toContain(`"traceId":"${traceId}"`);
  });
});

test('background work has no trace: heartbeats, looks of the reconciler', () => {
  const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === '');
  expect(roots.filter(({ name }) => !/^(GET|POST|PUT|PATCH|DELETE)\b/.test(name))).toEqual([]);
  expect(collector.spans.filter(({ name }) => name.includes('/v1/agent/heartbeat'))).toEqual([]);
});

test('OpenTelemetry is not loaded if no traces are collected', async () => {
  const script = `
    import { createRequire } from 'node:module';
    const { tracing } = await import('./dist/src/tracing/tracing.js');
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('@opentelemetry'));
    console.log(JSON.stringify([tracing === undefined, loaded.length]));`;
  const load = async (env: Record<string, string>) =>
    (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })).stdout.trim();
  expect(await load({})).toBe('[true,0]');
  expect(await load({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: 'true' })).toBe('[true,0]');
  expect(await load({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).not.toContain('true');
});
