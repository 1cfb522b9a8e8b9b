import { runsPlacedSessions } from '../../../contract/sessions.js';
import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { z } from 'zod';
import { MACHINE_BOUNDS } from '../../../contract/machine-bounds.js';
import {
  accessTokenRequestSchema,
  goodbyeRequestSchema,
  heartbeatRequestSchema,
  nodeInfoSchema,
  registerRequestSchema,
} from '../../../contract/schemas/agents.js';
import { labels, nodeName, pageOf, pageQuery, prose, timestamp } from '../../../contract/schemas/common.js';
import {
  commandsQuerySchema,
  openSessionRequestSchema,
  sessionQuerySchema,
  sessionsReportSchema,
} from '../../../contract/schemas/sessions.js';
import { loginRequestSchema } from '../../../contract/schemas/login.js';
import {
  decisionRequestSchema,
  removeNodeQuerySchema,
  drainRequestSchema,
  rejectRequestSchema,
  waitQuerySchema,
} from '../../../contract/schemas/node-decisions.js';
import {
  createNodeRequestSchema,
  nodeListQuerySchema,
  patchNodeRequestSchema,
} from '../../../contract/schemas/nodes.js';
import { withSurprises } from '../../support/api/with-surprises.js';
import { createApiTokenRequestSchema, createJoinTokenRequestSchema } from '../../../contract/schemas/tokens.js';

const RESOURCES = {
  cpu: { cores: 4, utilization: 0.5 },
  memory: { totalBytes: 3, usedBytes: 2, availableBytes: 1 },
  disk: { totalBytes: 3, usedBytes: 2, availableBytes: 1 },
  gpus: [],
  connections: 1,
};
const INFO = {
  agentVersion: '0.1.0',
  hostname: 'a',
  os: { platform: 'linux', distribution: '', release: '', kernel: '', architecture: 'x64' },
  cpu: { model: '', vendor: '', physicalCores: 1, logicalCores: 2, usableCores: 1.5 },
  memory: { totalBytes: 1, usableBytes: 1 },
  disks: [],
  gpus: [],
};
const BOOT = '6f1c6a52-0f0e-4a3c-9a56-1f6d3a1c2b3d';
const KEY = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };

const AT = '2026-11-29T10:00:00.000Z';
const LIVE = { id: 's1', kind: 'external', principal: 'ana', statement: 'select 1', state: 'RUNNING', startedAt: AT };
const ENDED = {
  id: 's2',
  kind: 'managed',
  state: 'COMPLETED',
  reason: '',
  startedAt: AT,
  endedAt: AT,
  rows: 1,
  resultFile: null,
  preview: { columns: [{ name: 'a', type: 'INTEGER' }], rows: [['1']], truncated: false },
};

/** Requests, with a valid example of each. */
const REQUESTS: Record<string, [z.ZodType, Record<string, unknown>]> = {
  register: [registerRequestSchema, { token: 'rcj_x_y', publicKey: KEY, info: INFO, bootId: BOOT }],
  accessToken: [accessTokenRequestSchema, { assertion: 'a.b.c' }],
  heartbeat: [heartbeatRequestSchema, { bootId: BOOT, seq: 1, resources: RESOURCES }],
  goodbye: [goodbyeRequestSchema, { bootId: BOOT, reason: 'SIGTERM' }],
  info: [nodeInfoSchema, { ...INFO, gpus: [{ index: 0, vendor: '', model: '', memoryBytes: null }] }],
  sessions: [sessionsReportSchema, { bootId: BOOT, seq: 1, live: [LIVE], ended: [ENDED] }],
  commands: [commandsQuerySchema, { wait: '25s' }],
  login: [loginRequestSchema, { token: 'rca_x_y' }],
  createNode: [createNodeRequestSchema, { name: 'node-1' }],
  patchNode: [patchNodeRequestSchema, { description: 'second shelf' }],
  decision: [decisionRequestSchema, {}],
  reject: [rejectRequestSchema, { message: 'Unauthorized node' }],
  drain: [drainRequestSchema, { deadline: '15m' }],
  wait: [waitQuerySchema, { wait: '5s' }],
  delete: [removeNodeQuerySchema, { force: 'true' }],
  nodeList: [nodeListQuerySchema, { approval: ['PENDING', 'APPROVED'], label: 'pool=a' }],
  joinToken: [createJoinTokenRequestSchema, { maxUses: 3 }],
  apiToken: [createApiTokenRequestSchema, { name: 'ada', role: 'admin' }],
};

const OF_AGENTS = ['register', 'accessToken', 'heartbeat', 'goodbye', 'info', 'sessions', 'commands'];
const OF_PEOPLE = Object.keys(REQUESTS).filter((name) => !OF_AGENTS.includes(name));

describe('every request', () => {
  test.each(Object.keys(REQUESTS))('%s is accepted if it is right', (name) => {
    const [schema, right] = REQUESTS[name] ?? [];
    expect(schema?.safeParse(right).error).toBeUndefined();
  });

  test.each(OF_AGENTS)('%s of an agent is accepted with an unknown field, which is dropped', (name) => {
    const [schema, right] = REQUESTS[name] ?? [];
    expect(schema?.parse(withSurprises(right))).toEqual(schema?.parse(right));
  });

  test.each(OF_PEOPLE)('%s of an administrator is refused with an unknown key', (name) => {
    const [schema, right] = REQUESTS[name] ?? [];
    expect(schema?.safeParse({ ...right, surprise: 1 }).error?.issues[0]).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['surprise'],
    });
  });

  test.prop([fc.constantFrom(...Object.keys(REQUESTS)), fc.jsonValue()])(
    'is refused or accepted, whatever it contains: no schema throws',
    (name, anything) => {
      expect(typeof REQUESTS[name]?.[0].safeParse(anything).success).toBe('boolean');
    },
  );
});

test('an unknown word of a newer agent does not cost the rest of its report', () => {
  const unread = [{ part: 'zones', reason: 'no answer' }];
  const info = { ...INFO, sessionEngine: 'trino', unread };
  expect(nodeInfoSchema.parse(info)).toEqual(info);
  expect(['duckdb', 'trino', 'none'].map(runsPlacedSessions)).toEqual([true, false, false]);
});

describe('defaults of requests', () => {
  test('a drain waits, a node list is sorted by id, a page has 100', () => {
    expect(drainRequestSchema.parse({})).toEqual({ reason: '', onDeadline: 'wait' });
    expect(nodeListQuerySchema.parse({})).toMatchObject({ sort: 'id', limit: 100 });
    expect(removeNodeQuerySchema.parse({})).toEqual({ force: 'false' });
  });
});

describe('bounds', () => {
  const taken = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

  test.each(['node-1', 'a', 'gpu.example.org', 'x'.repeat(63)])('a node may be called %s', (name) => {
    expect(taken(nodeName, name)).toBe(true);
  });

  test.each(['', 'Node-1', '-a', 'a-', 'a_b', 'a b', 'ä', 'x'.repeat(64), 'a\n'])(
    'a node may not be named %j',
    (name) => {
      expect(taken(nodeName, name)).toBe(false);
    },
  );

  test.each(['15s', '1h30m', '0'])('a drain may have %s', (deadline) => {
    expect(taken(drainRequestSchema, { deadline })).toBe(true);
  });

  test.each(['5', 'soon', '-1s', ''])('a drain may not have %j', (deadline) => {
    expect(taken(drainRequestSchema, { deadline })).toBe(false);
  });

  test('a caller waits for a minute at most', () => {
    expect([
      taken(waitQuerySchema, { wait: '1m' }),
      taken(waitQuerySchema, { wait: '61s' }),
      taken(waitQuerySchema, { wait: 'x' }),
    ]).toEqual([true, false, false]);
  });

  test('a caller waits for a session for a minute, an agent for half a minute', () => {
    const waits = ['0s', '30s', '31s', '1m', '61s', 'soon'];
    expect(waits.filter((wait) => taken(sessionQuerySchema, { wait }))).toEqual(['0s', '30s', '31s', '1m']);
    expect(waits.filter((wait) => taken(commandsQuerySchema, { wait }))).toEqual(['0s', '30s']);
  });

  test('a session has a query', () => {
    const opens = (sql: string) => taken(openSessionRequestSchema, { principal: 'ana', sql });
    expect(['select 1', '', ' \n'].map(opens)).toEqual([true, false, false]);
  });

  test('a join token lives from a minute to a year', () => {
    const lives = (expiresIn: string) => taken(createJoinTokenRequestSchema, { expiresIn });
    expect(['59s', '1m', '365d', '366d', 'forever'].map(lives)).toEqual([false, true, true, false, false]);
  });

  test('a node has at most 64 labels, of characters that selectors can contain', () => {
    const some = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    expect(
      [some(64), some(65), { 'example.org/pool': 'a-1' }, { pool: '' }, { '-pool': 'a' }, { pool: 'a b' }].map(
        (value) => taken(labels, value),
      ),
    ).toEqual([true, false, true, true, false, false]);
  });

  test("people's text may have lines, machines' text no control characters", () => {
    expect(
      ['two\nlines', 'a\ttab', 'bell\u0007', 'escape\u001b[31m', 'x'.repeat(11)].map((text) => taken(prose(10), text)),
    ).toEqual([true, true, false, false, false]);
  });

  test('a page has items and the cursor of the next', () => {
    expect(taken(pageOf(nodeName), { items: ['node-1'], nextCursor: null })).toBe(true);
    expect([1, '1000', 0, 1_001, 'x'].map((limit) => taken(pageQuery.limit, limit))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(taken(timestamp, '2026-11-21T12:00:00Z')).toBe(true);
  });
});

describe("nodes' reports", () => {
  const SAID = {
    register: registerRequestSchema,
    accessToken: accessTokenRequestSchema,
    heartbeat: heartbeatRequestSchema,
    info: nodeInfoSchema,
    goodbye: goodbyeRequestSchema,
    sessions: sessionsReportSchema,
  };

  test.each(Object.entries(SAID))('every number, text and list of %s is bounded', (_name, schema) => {
    expect(unboundedParts(z.toJSONSchema(schema, { io: 'input' }), '')).toEqual([]);
  });

  test.each([
    ['cores', { cpu: { cores: 1.7e308, utilization: 1 } }],
    [
      'cores in use',
      { sessions: { running: 1, cpu: { reserved: 1, used: 1e300 }, memory: { reservedBytes: 1, usedBytes: 1 } } },
    ],
    ['memory', { memory: { totalBytes: 2 ** 52, usedBytes: 1, availableBytes: 1 } }],
    ['connections', { connections: 1e12 }],
    ['load', { loadAverage: 1e9 }],
    ['swap', { swapUsedBytes: 2 ** 52 }],
  ])('a heartbeat with more %s than any machine has is refused', (_what, part) => {
    const { data, error } = heartbeatRequestSchema.safeParse({
      bootId: BOOT,
      seq: 1,
      resources: { ...RESOURCES, ...part },
    });
    expect([data, error?.issues[0]?.path[0], error?.issues[0]?.code]).toEqual([undefined, 'resources', 'too_big']);
  });

  test('the sum over a fleet of the largest machines is still a safe number', () => {
    const maximum = MACHINE_BOUNDS.cores;
    expect(
      heartbeatRequestSchema.safeParse({
        bootId: BOOT,
        seq: 1,
        resources: { ...RESOURCES, cpu: { cores: maximum, utilization: 1 } },
      }).success,
    ).toBe(true);
    expect(JSON.parse(JSON.stringify({ sum: 1_000_000 * maximum }))).toEqual({ sum: 1_000_000 * maximum });
  });
});

/** Paths of values without an upper bound. */
function unboundedParts(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => unboundedParts(part, `${path}[${index}]`));
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, maximum, maxLength, maxItems, pattern, format, ...rest } = schema as Record<string, unknown>;
  const parts = Object.entries({ ...rest }).flatMap(([key, part]) => unboundedParts(part, `${path}.${key}`));
  if ('const' in schema || 'enum' in schema) return parts;
  if ((type === 'number' || type === 'integer') && !(typeof maximum === 'number' && Number.isFinite(maximum)))
    return [path, ...parts];
  if (type === 'array' && maxItems === undefined) return [path, ...parts];
  if (type === 'string' && maxLength === undefined && pattern === undefined && format === undefined)
    return [path, ...parts];
  return parts;
}
