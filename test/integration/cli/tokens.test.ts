import { describe, expect, test } from '@jest/globals';
import { auditEventSchema } from '../../../contract/schemas/audit.js';
import { apiTokenSchema, joinTokenSchema, tokenUseSchema } from '../../../contract/schemas/tokens.js';
import { NOW } from '../../support/cli/example-nodes.js';
import { problem } from '../../support/cli/fake-api.js';
import { expectCliGolden, page, rollcall } from '../../support/cli/rollcall.js';

const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const joinToken = (id: string, changes: object = {}) =>
  joinTokenSchema.parse({
    id,
    description: '',
    uses: 0,
    maxUses: 10,
    expiresAt: at(86_400),
    labels: {},
    namePattern: null,
    autoApprove: null,
    removeAfter: null,
    revoked: false,
    createdAt: at(-600),
    createdBy: 'admin',
    ...changes,
  });
const apiToken = (id: string, changes: object = {}) =>
  apiTokenSchema.parse({
    id,
    name: 'ci',
    role: 'viewer',
    scope: null,
    createdAt: at(-600),
    createdBy: 'admin',
    expiresAt: at(3_600),
    lastUsedAt: null,
    formerUntil: null,
    revoked: false,
    ...changes,
  });

const JOIN_TOKENS = [
  joinToken('0000000000000001', {
    namePattern: 'pool-a-*',
    autoApprove: true,
    labels: { pool: 'a' },
    description: 'autoscaler',
  }),
  joinToken('0000000000000002', { uses: 10 }),
  joinToken('0000000000000003', { expiresAt: at(-60), autoApprove: false }),
  joinToken('0000000000000004', { revoked: true }),
];

const install = {
  configYaml: 'Compute:\n  Auth:\n    Token: rcj_1_secret\n',
  command: 'curl -fsSL https://api.example/install.sh | sh -s -- --token rcj_1_secret',
  cloudInit: '#cloud-config\nruncmd: []\n',
  ansible: '- hosts: all\n',
  isPackageServed: true,
};

describe('join-token', () => {
  test('create sends its options; only the token is on stdout', async () => {
    const { code, out, err, asked } = await rollcall(
      'join-token create --max-uses 5 --expires-in 2h --label pool=a --name-pattern pool-a-* --no-auto-approve',
      () => ({
        status: 201,
        body: {
          joinToken: joinToken('0000000000000001', { maxUses: 5, expiresAt: at(7_200) }),
          token: 'rcj_1_secret',
          install,
        },
      }),
    );
    expect({ code, out }).toEqual({ code: 0, out: 'rcj_1_secret\n' });
    expect(err).toContain('It lets 5 nodes in within 2h');
    expect(err).toContain(install.command);
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/v1/join-tokens',
        body: { maxUses: 5, expiresIn: '2h', labels: { pool: 'a' }, namePattern: 'pool-a-*', autoApprove: false },
      },
    ]);
  });

  test('create leaves approval to the policy by default', async () => {
    const { asked } = await rollcall('join-token create', () => ({
      status: 201,
      body: { joinToken: joinToken('1'), token: 't', install },
    }));
    expect(asked[0]?.body).toEqual({ maxUses: 1, expiresIn: '24h', labels: {}, description: '' });
  });

  test('list', async () =>
    expectCliGolden('join-token-list', (await rollcall('join-token list', () => page(JOIN_TOKENS))).out));
  test('list, wide', async () =>
    expectCliGolden('join-token-list-wide', (await rollcall('join-token list -o wide', () => page(JOIN_TOKENS))).out));

  test('describe shows who used it', async () => {
    const uses = ['pool-a-2', 'pool-a-1'].map((node, index) =>
      tokenUseSchema.parse({
        node,
        uid: `00000000-0000-4000-8000-00000000000${index}`,
        at: at(-60 * (index + 1)),
        from: '192.0.2.7',
      }),
    );
    await expectCliGolden(
      'join-token-describe',
      (
        await rollcall('join-token describe 0000000000000001', ({ path }) =>
          path.endsWith('/uses') ? page(uses) : { body: JOIN_TOKENS[0] },
        )
      ).out,
    );
  });

  test('revoke', async () => {
    const { code, out, asked } = await rollcall('join-token revoke 0000000000000001', () => ({
      status: 204,
      body: undefined,
    }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked).toMatchObject([{ method: 'DELETE', path: '/v1/join-tokens/0000000000000001' }]);
  });

  test('an unknown token exits with 5', async () => {
    const { code, err } = await rollcall('join-token revoke abc', () =>
      problem(404, 'NOT_FOUND', 'there is no join token abc', { hint: 'See: rollcall join-token list' }),
    );
    expect({ code, err }).toEqual({
      code: 5,
      err: 'NOT_FOUND: there is no join token abc. See: rollcall join-token list\n',
    });
  });
});

describe('api-token', () => {
  test('create prints only the token on stdout', async () => {
    const { code, out, err, asked } = await rollcall('api-token create ci --role viewer --expires-in 1h', () => ({
      status: 201,
      body: { apiToken: apiToken('1'), token: 'rca_1_secret' },
    }));
    expect({ code, out }).toEqual({ code: 0, out: 'rca_1_secret\n' });
    expect(err).toContain('expires in 1h');
    expect(asked).toMatchObject([
      { method: 'POST', path: '/v1/api-tokens', body: { name: 'ci', role: 'viewer', expiresIn: '1h' } },
    ]);
  });

  test('create accepts a scope', async () => {
    const line = 'api-token create gpu-ops --role operator --scope pool=gpu,zone --scope rack=7';
    const { code, err, asked } = await rollcall(line, () => ({
      status: 201,
      body: {
        apiToken: apiToken('1', { role: 'operator', scope: ['pool=gpu', 'zone', 'rack=7'] }),
        token: 'rca_1_secret',
      },
    }));
    expect(code).toBe(0);
    expect(err).toContain('of ci (operator on pool=gpu,zone,rack=7) is shown this once');
    expect(asked).toMatchObject([{ body: { role: 'operator', scope: ['pool=gpu', 'zone', 'rack=7'] } }]);
  });

  test('list', async () => {
    const tokens = [
      apiToken('0000000000000001'),
      apiToken('0000000000000004', { name: 'gpu-ops', role: 'operator', scope: ['pool=gpu', 'zone'] }),
      apiToken('0000000000000002', { name: 'admin', role: 'admin', expiresAt: null, lastUsedAt: at(-90) }),
      apiToken('0000000000000003', { revoked: true }),
    ];
    await expectCliGolden('api-token-list', (await rollcall('api-token list', () => page(tokens))).out);
  });

  test('revoke', async () => {
    const { code, out, asked } = await rollcall('api-token revoke 0000000000000001', () => ({
      status: 204,
      body: undefined,
    }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked).toMatchObject([{ method: 'DELETE', path: '/v1/api-tokens/0000000000000001' }]);
  });

  test.each([
    'api-token create ci',
    'api-token create ci --role king',
    'api-token revoke rca_1_secret',
    'join-token create --name-pattern (a+)+',
    'join-token create --max-uses 0',
  ])('%s is a usage error', async (line) => {
    const { code, asked } = await rollcall(line, () => page([]));
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
  });
});

describe('audit', () => {
  const event = (number: number, type: string, changes: object = {}) =>
    auditEventSchema.parse({
      id: `e-${number}`,
      at: at(-60 * number),
      type,
      node: null,
      uid: null,
      token: null,
      by: 'admin',
      byId: '0000000000000001',
      reason: '',
      from: '192.0.2.7',
      ...changes,
    });
  const EVENTS = [
    event(1, 'NodeRejected', {
      node: 'node-1',
      uid: '00000000-0000-4000-8000-000000000001',
      reason: 'Unauthorized node',
    }),
    event(2, 'TokenRefused', {
      token: '0000000000000001',
      by: 'anonymous',
      byId: null,
      reason: 'the token is used up',
    }),
    event(3, 'ApiTokenCreated', { token: '0000000000000002', reason: 'ci, role viewer' }),
  ];

  test('is printed oldest first, like a log', async () =>
    expectCliGolden('audit', (await rollcall('audit', () => page(EVENTS))).out));
  test('wide', async () => expectCliGolden('audit-wide', (await rollcall('audit -o wide', () => page(EVENTS))).out));

  test('sends its filters, and reads the necessary pages', async () => {
    const { asked, out } = await rollcall('audit --node node-1 --by admin --limit 2 -o name', ({ query }) =>
      query.get('cursor') === null ? page(EVENTS.slice(0, 1), 'next') : page(EVENTS.slice(1, 2)),
    );
    expect(asked.map(({ query }) => query.toString())).toEqual([
      'limit=2&node=node-1&by=admin',
      'limit=1&cursor=next&node=node-1&by=admin',
    ]);
    expect(out).toBe('e-2\ne-1\n');
  });

  test('is exported as JSON lines, page by page, from a given time', async () => {
    const { asked, out } = await rollcall('audit export --since 2027-01-31 --until 2h', ({ query }) =>
      query.get('cursor') === null ? page(EVENTS.slice(0, 2), 'next') : page(EVENTS.slice(2)),
    );
    const range = `since=2027-01-31T00%3A00%3A00.000Z&until=${encodeURIComponent(at(-7_200))}`;
    expect(asked.map(({ query }) => query.toString())).toEqual([
      `${range}&order=oldest&limit=1000`,
      `${range}&order=oldest&limit=1000&cursor=next`,
    ]);
    expect(
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(EVENTS);
  });

  test.each(['yesterday', '2027-13-01', '2027-01-31T25:00Z'])('--since %s is a usage error', async (since) => {
    const { code, asked, err } = await rollcall(`audit export --since ${since}`, () => page([]));
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toContain('2027-01-31T12:00:00Z');
  });
});
