import { beforeAll, describe, expect, test } from '@jest/globals';
import { createApiToken, createNode, revokeApiToken } from '../../../client/index.js';
import { problemSchema } from '../../../contract/schemas/problem.js';
import { AgentUnderTest, RESOURCES } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();
let agentToken: string;

beforeAll(async () => {
  await createNode({ client: api.admin, body: { name: 'taken' } });
  await new AgentUnderTest(api).join(api.joinToken, 'joined');
  agentToken = await (await new AgentUnderTest(api).join(api.joinToken, 'beating')).authenticate();
});
interface Case {
  title: string;
  method?: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
  as?: 'admin' | 'agent' | 'nobody';
  expected: { status: number; code: string; detail?: string | RegExp; field?: string };
}

const create = (body: string, expected: Case['expected'], title: string): Case => ({
  title,
  method: 'POST',
  path: '/v1/nodes',
  body,
  expected,
});
const invalid = (detail: string | RegExp, field?: string): Case['expected'] => ({
  status: 400,
  code: 'VALIDATION_FAILED',
  detail,
  ...(field === undefined ? {} : { field }),
});

const CASES: Case[] = [
  create('{"name": ', invalid('the body is not JSON'), 'a body that is no JSON'),
  create('', invalid(/expected object/), 'no body where one is needed'),
  create('[]', invalid(/expected object/), 'an array where an object belongs'),
  create('{"name":"a","lables":{}}', invalid('lables is not a field of this request', 'lables'), 'an unknown key'),
  create('{"name":"Not A Name"}', invalid(/^name: 1 to 63 lower-case/, 'name'), 'a name with wrong characters'),
  create(`{"name":"${'a'.repeat(64)}"}`, invalid(/^name: /, 'name'), 'a name that is too long'),
  create('{"name":{"$ne":null}}', invalid(/^name: .*expected string/, 'name'), 'an operator where a text belongs'),
  create('{"name":["a"]}', invalid(/^name: .*expected string/, 'name'), 'an array where a text belongs'),
  create(
    '{"name":"a","name":"b"}',
    invalid('the key name stands twice in one object', 'name'),
    'a key that stands twice',
  ),
  create(
    '{"name":"a","\\u006eame":"b"}',
    invalid('the key name stands twice in one object', 'name'),
    'a key that stands twice, once escaped',
  ),
  create('{"name":"a","__proto__":{"x":1}}', invalid('__proto__ is not allowed as a key', '__proto__'), '__proto__'),
  create(`${'['.repeat(40)}${']'.repeat(40)}`, invalid('the body is nested deeper than 16 levels'), 'deep nesting'),
  create(
    `{"name":"a","labels":{"pool":"${'x'.repeat(64)}"}}`,
    invalid(/^labels\.pool: /, 'labels.pool'),
    'a label value that is too long',
  ),
  create(
    `{"name":"a","description":"${'x'.repeat(70_000)}"}`,
    { status: 413, code: 'PAYLOAD_TOO_LARGE' },
    'a body over 64 KiB',
  ),
  create(
    '{"name":"taken"}',
    { status: 409, code: 'NODE_NAME_TAKEN', detail: 'a node named taken exists already', field: 'name' },
    'a name that is taken',
  ),
  {
    title: 'a body that is no JSON by its type',
    method: 'POST',
    path: '/v1/nodes',
    body: 'name=a',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    expected: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  },
  { title: 'no token', path: '/v1/nodes', as: 'nobody', expected: { status: 401, code: 'UNAUTHENTICATED' } },
  {
    title: 'a token that is no token',
    path: '/v1/nodes',
    headers: { authorization: 'Bearer abc' },
    as: 'nobody',
    expected: { status: 401, code: 'UNAUTHENTICATED' },
  },
  {
    title: 'a token that nobody has',
    path: '/v1/nodes',
    headers: { authorization: `Bearer rca_0123456789abcdef_${'a'.repeat(43)}` },
    as: 'nobody',
    expected: { status: 401, code: 'UNAUTHENTICATED' },
  },
  {
    title: 'a wrong token for a node that does not exist: 401 before 404',
    path: '/v1/nodes/nobody',
    as: 'nobody',
    expected: { status: 401, code: 'UNAUTHENTICATED' },
  },
  {
    title: 'a node that calls for an administrator',
    path: '/v1/nodes',
    as: 'agent',
    expected: { status: 401, code: 'UNAUTHENTICATED' },
  },
  {
    title: 'an administrator that beats',
    method: 'POST',
    path: '/v1/agent/heartbeat',
    body: '{}',
    expected: { status: 401, code: 'UNAUTHENTICATED' },
  },
  {
    title: 'an unknown id',
    path: '/v1/nodes/nobody',
    expected: { status: 404, code: 'NODE_NOT_FOUND', detail: 'there is no node nobody' },
  },
  {
    title: 'a decision about an unknown id',
    method: 'POST',
    path: '/v1/nodes/nobody/approve',
    body: '{}',
    expected: { status: 404, code: 'NODE_NOT_FOUND' },
  },
  {
    title: 'an id that is a prefix of another',
    path: '/v1/nodes/join',
    expected: { status: 404, code: 'NODE_NOT_FOUND' },
  },
  {
    title: 'an id with wrong characters',
    path: '/v1/nodes/Nobody',
    expected: invalid(/^id: 1 to 63 lower-case/, 'id'),
  },
  { title: 'an unknown address', path: '/v1/nothing', expected: { status: 404, code: 'NOT_FOUND' } },
  {
    title: 'an action that the table forbids',
    method: 'POST',
    path: '/v1/nodes/joined/approve',
    body: '{}',
    expected: { status: 409, code: 'NODE_ALREADY_APPROVED', detail: 'node joined is approved already' },
  },
  {
    title: 'an action on a slot that nobody has joined',
    method: 'POST',
    path: '/v1/nodes/taken/approve',
    expected: { status: 409, code: 'NODE_NOT_JOINED' },
  },
  {
    title: 'an action on a replica of the api',
    method: 'POST',
    path: '/v1/nodes/node-0/deactivate',
    expected: { status: 409, code: 'NODE_IS_REQUESTER' },
  },
  {
    title: 'an unknown query parameter',
    path: '/v1/nodes?color=red',
    expected: invalid('color is not a field of this request', 'color'),
  },
  { title: 'a limit that is too high', path: '/v1/nodes?limit=100000', expected: invalid(/^limit: /, 'limit') },
  { title: 'a limit that stands twice', path: '/v1/nodes?limit=1&limit=2', expected: invalid(/^limit: /, 'limit') },
  { title: 'a limit that is an array', path: '/v1/nodes?limit[]=1', expected: invalid(/is not a field/, 'limit[]') },
  ...['', '0x10', '1e2', '%205', '-1', '1.5', 'NaN'].map((limit) => ({
    title: `a limit that is no whole number: ${limit}`,
    path: `/v1/nodes?limit=${limit}`,
    expected: invalid(/^limit: /, 'limit'),
  })),
  {
    title: 'a cursor that stands twice',
    path: '/v1/nodes?cursor=a&cursor=b',
    expected: invalid(/^cursor: /, 'cursor'),
  },
  { title: 'a sort that stands twice', path: '/v1/nodes?sort=id&sort=-id', expected: invalid(/^sort: /, 'sort') },
  {
    title: 'an operator in a query',
    path: '/v1/nodes?label[$ne]=x',
    expected: invalid(/is not a field/, 'label[$ne]'),
  },
  {
    title: 'an operator in a query of the audit',
    path: '/v1/audit?by[$ne]=x',
    expected: invalid(/is not a field/, 'by[$ne]'),
  },
  {
    title: 'a type of the audit that there is not',
    path: '/v1/audit?type=NodeHealthy',
    expected: invalid(/^type: /, 'type'),
  },
  { title: '__proto__ in a query', path: '/v1/nodes?__proto__=x', expected: invalid(/__proto__/) },
  { title: 'an unknown phase', path: '/v1/nodes?phase=SLEEPING', expected: invalid(/^phase: /, 'phase') },
  { title: 'a cursor that nobody handed out', path: '/v1/nodes?cursor=abc', expected: invalid(/^cursor: /, 'cursor') },
  {
    title: 'a wait that is no duration',
    method: 'POST',
    path: '/v1/nodes/joined/reject?wait=5',
    expected: invalid(/^wait: /, 'wait'),
  },
  {
    title: 'control characters in a message',
    method: 'POST',
    path: '/v1/nodes/joined/reject',
    body: '{"message":"a\\u0000b"}',
    expected: invalid(/^message: /, 'message'),
  },
  {
    title: 'an unknown join token',
    method: 'DELETE',
    path: '/v1/join-tokens/abc',
    expected: { status: 404, code: 'NOT_FOUND', detail: 'there is no join token abc' },
  },
  {
    title: 'a heartbeat over 16 KiB',
    method: 'POST',
    path: '/v1/agent/heartbeat',
    body: JSON.stringify({ pad: 'x'.repeat(17_000) }),
    as: 'agent',
    expected: { status: 413, code: 'PAYLOAD_TOO_LARGE' },
  },
  {
    title: 'a heartbeat of no boot',
    method: 'POST',
    path: '/v1/agent/heartbeat',
    body: JSON.stringify({ seq: 1, resources: RESOURCES }),
    as: 'agent',
    expected: invalid(/^bootId: /, 'bootId'),
  },
  {
    title: 'an Idempotency-Key that is too long',
    method: 'POST',
    path: '/v1/nodes',
    body: '{"name":"a"}',
    headers: { 'idempotency-key': 'k'.repeat(200) },
    expected: invalid(/^Idempotency-Key: /, 'Idempotency-Key'),
  },
];

describe('invalid input gets one clear sentence and the right status, and changes nothing', () => {
  test.each(CASES)('$title', async ({ method = 'GET', path, body, headers = {}, as = 'admin', expected }) => {
    const bearer = { admin: `Bearer ${api.adminToken}`, agent: `Bearer ${agentToken}`, nobody: undefined }[as];
    const response = await api.raw(path, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: bearer }),
        ...headers,
      },
    });
    const text = await response.text();
    const problem = problemSchema.parse(JSON.parse(text));
    const { detail, ...exact } = expected;
    expect({ ...problem, status: response.status }).toMatchObject(exact);
    if (detail !== undefined)
      expect(problem.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(text).not.toMatch(/node_modules|\.ts:|at .*\(/);
  });

  test.each([
    ['PUT', '/v1/nodes', 'GET, HEAD, POST'],
    ['DELETE', '/v1/nodes/joined/approve', 'POST'],
    ['GET', '/v1/agent/heartbeat', 'POST'],
    ['POST', '/livez', 'GET, HEAD'],
    ['QUERY', '/v1/nodes/joined', 'DELETE, GET, HEAD, PATCH'],
  ])('%s %s is answered with the allowed methods', async (method, path, allow) => {
    const response = await api.raw(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  test('every refusal of credentials is the same, whatever was wrong with them', async () => {
    const { data: revoked } = await createApiToken({ client: api.admin, body: { name: 'revoked', role: 'viewer' } });
    await revokeApiToken({ client: api.admin, path: { id: revoked?.apiToken.id ?? '' } });
    const wrongSecret = `${api.adminToken.slice(0, -43)}${'a'.repeat(43)}`;
    const bearers = [
      'x',
      `rca_0123456789abcdef_${'a'.repeat(43)}`,
      wrongSecret,
      `${api.adminToken.slice(0, -1)}!`,
      api.joinToken,
      revoked?.token,
    ];
    const wrong = ['', `Basic ${api.adminToken}`, ...bearers.map((bearer) => `Bearer ${bearer}`)];
    const answers = await Promise.all(
      wrong.map(
        async (authorization) =>
          (await api.raw('/v1/nodes', { headers: { authorization } })).json() as Promise<{ instance: string }>,
      ),
    );
    expect(answers[0]).toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const { instance: _its, ...answer } of answers) expect(answer).toEqual({ ...answers[0], instance: undefined });
  });
});
