import { afterEach, describe, expect, test } from '@jest/globals';
import type { Node } from '../../../client/types.gen.js';
import { run } from '../../../cli/run.js';
import {
  CLUSTER,
  exampleEvents,
  exampleNode,
  FRESH_CLUSTER,
  MIXED_FLEET,
  NOW,
  NODE_SESSIONS,
} from '../../support/cli/example-nodes.js';
import { problem, startFakeApi, type Answer, type Asked, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal, type FakeTerminalOptions } from '../../support/cli/fake-terminal.js';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.stop();
  api = undefined;
});

/** Runs a command against an api that answers as `answer` says. */
async function rollcall(line: string | string[], answer: (asked: Asked) => Answer, options: FakeTerminalOptions = {}) {
  api ??= await startFakeApi(answer);
  const terminal = fakeTerminal({
    now: NOW,
    ...options,
    env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x', ...options.env },
  });
  const code = await run(typeof line === 'string' ? line.split(' ') : line, terminal, new AbortController().signal);
  return { code, out: terminal.out(), err: terminal.err(), asked: api.asked };
}

const page = (items: unknown[], nextCursor: string | null = null): Answer => ({ body: { items, nextCursor } });
const decided = (node: Node): Answer => ({ status: 202, body: { node, applied: false } });

describe('node list', () => {
  test('asks for every page, and leaves the order to the api', async () => {
    const { out, asked } = await rollcall('node list -o name', ({ query }) =>
      query.get('cursor') === 'second' ? page(MIXED_FLEET.slice(3)) : page(MIXED_FLEET.slice(0, 3), 'second'),
    );
    expect(out.trim().split('\n')).toEqual([
      'node-0',
      'node-1',
      'node-2',
      'node-10',
      'node-11',
      'node-12',
      'node-13',
      'node-14',
    ]);
    expect(asked.filter(({ path }) => path === '/v1/nodes').map(({ query }) => query.get('limit'))).toEqual([
      '1000',
      '1000',
    ]);
  });

  test('hands its filters on', async () => {
    const { asked } = await rollcall(
      'node list -l pool=a,zone --phase active --phase DRAINING --approval approved --liveness healthy --type compute --search gpu --sort -cpu',
      () => page([]),
    );
    expect(asked[0]?.query.toString()).toBe(
      new URLSearchParams([
        ['label', 'pool=a'],
        ['label', 'zone'],
        ['approval', 'APPROVED'],
        ['liveness', 'HEALTHY'],
        ['phase', 'ACTIVE'],
        ['phase', 'DRAINING'],
        ['type', 'Compute'],
        ['q', 'gpu'],
        ['sort', '-cpu'],
        ['limit', '1000'],
      ]).toString(),
    );
  });

  test('keeps stdout to the data: that nothing matches is said on stderr', async () => {
    const { code, out, err } = await rollcall('node list -o json', () => page([]));
    expect({ code, out, err }).toEqual({ code: 0, out: '[]\n', err: 'No node matches.\n' });
  });

  test('colours a terminal, unless NO_COLOR asks for none', async () => {
    const screen = { columns: 80, rows: 24 };
    expect((await rollcall('node list', () => page(FRESH_CLUSTER), { screen })).out).toContain('\u001b[32mHEALTHY');
    expect(
      (await rollcall('node list', () => page(FRESH_CLUSTER), { screen, env: { NO_COLOR: '1' } })).out,
    ).not.toContain('\u001b');
    expect((await rollcall('node list', () => page(FRESH_CLUSTER))).out).not.toContain('\u001b');
  });

  test('shows ages by the clock of the api where the two clocks differ', async () => {
    const { out } = await rollcall('node list -o wide --no-headers', () => page([exampleNode('node-1')]), {
      now: NOW - 3_600_000,
    });
    expect(out).toMatch(/ACTIVE {2}4s /);
  });
});

test('nodes that are silent for longer than they may, and not judged, are told on stderr', async () => {
  const overdue = exampleNode('node-2', { status: 'UNKNOWN', overdue: true });
  const { out, err } = await rollcall('node list --no-headers', () => page([exampleNode('node-1'), overdue]));
  expect(out).toMatch(/node-1.+HEALTHY\nnode-2.+UNKNOWN\n$/);
  expect(err).toBe('warning: 1 node is silent for longer than it may, and not judged yet: see rollcall cluster\n');
});

describe('a mass silence', () => {
  const massSilence = {
    since: '2027-01-01T12:00:00.000Z',
    noticedAt: '2027-01-01T12:01:00.000Z',
    silent: 187,
    mostSilent: 190,
    beating: 200,
    endedAt: null,
    endedBy: null,
  };
  const answer = ({ path }: Asked): Answer =>
    path === '/v1/cluster'
      ? { body: { ...CLUSTER, massSilence } }
      : page([exampleNode('node-1'), { ...exampleNode('node-2'), status: 'UNKNOWN' }]);

  test('is told on stderr by the list of nodes where some are silent, and by cluster; stdout keeps to the data', async () => {
    const list = await rollcall('node list -o name', answer);
    expect(list.out).toBe('node-1\nnode-2\n');
    expect(list.err).toMatch(
      /^Mass silence: 187 of 200 nodes are silent, the first since 2027-01-01T12:00:00.000Z\. .*rollcall mass-silence release\n$/,
    );
    const cluster = await rollcall('cluster', answer);
    expect(cluster.err).toBe(list.err);
    expect(cluster.out).toMatch(
      /^Mass silence +187 of 200 nodes are silent, the first since 2027-01-01T12:00:00.000Z$/m,
    );
    expect(JSON.parse((await rollcall('cluster -o json', answer)).out)).toMatchObject({ massSilence });
  });

  test('is not asked about where all nodes are heard, and a list does not fail for it', async () => {
    expect((await rollcall('node list', () => page([exampleNode('node-1')]))).asked.map(({ path }) => path)).toEqual([
      '/v1/nodes',
    ]);
    await api?.stop();
    api = undefined;
    const { code, out, err } = await rollcall('node list -o name', (asked) =>
      asked.path === '/v1/cluster' ? problem(503, 'UNAVAILABLE', 'the database does not answer') : answer(asked),
    );
    expect({ code, out, err }).toEqual({ code: 0, out: 'node-1\nnode-2\n', err: '' });
  });

  test('is released by a person, who may say why', async () => {
    const { code, out, asked } = await rollcall(['mass-silence', 'release', '-m', 'the hall burnt down'], () => ({
      body: massSilence,
    }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: 'POST', path: '/v1/cluster/mass-silence/release', body: { reason: 'the hall burnt down' } },
    ]);
  });
});

describe('decisions', () => {
  test.each([
    ['node approve node-1', 'POST', '/v1/nodes/node-1/approve', { reason: '' }],
    [
      ['node', 'reject', 'node-1', '-m', 'Unauthorized node'],
      'POST',
      '/v1/nodes/node-1/reject',
      { message: 'Unauthorized node' },
    ],
    ['node activate node-1 -m back', 'POST', '/v1/nodes/node-1/activate', { reason: 'back' }],
    [
      'node deactivate node-1 --deadline 15m --on-deadline terminate',
      'POST',
      '/v1/nodes/node-1/deactivate',
      { reason: '', deadline: '15m', onDeadline: 'terminate' },
    ],
    ['node decommission node-1 --reason old', 'POST', '/v1/nodes/node-1/decommission', { reason: 'old' }],
    ['node delete node-1', 'DELETE', '/v1/nodes/node-1', undefined],
  ])('%j prints Ok', async (line, method, path, body) => {
    const { code, out, err, asked } = await rollcall(line, () => decided(exampleNode('node-1')));
    expect({ code, out, err }).toEqual({ code: 0, out: 'Ok\n', err: '' });
    expect(asked).toMatchObject([{ method, path, body }]);
    expect(asked[0]?.headers.authorization).toBe('Bearer rca_x');
  });

  test('delete passes on force and the reason', async () => {
    const { asked } = await rollcall('node delete node-1 --force -m gone', () => decided(exampleNode('node-1')));
    expect(asked[0]?.query.toString()).toBe('force=true&reason=gone');
  });
});

describe('tokens', () => {
  const install = {
    configYaml: 'Compute:\n  Auth:\n    Token: rcb_x\n',
    command: 'curl -fsSL https://api.example/install.sh | sh -s -- --token rcb_x --name node-4',
    cloudInit: '#cloud-config\nruncmd: []\n',
    ansible: '- hosts: node-4\n',
    isPackageServed: true,
  };
  const expiresAt = new Date(NOW + 86_400_000).toISOString();

  test('register prints the token alone on stdout, and what to do with it on stderr', async () => {
    const { code, out, err, asked } = await rollcall(
      'node register node-9 --label pool=a --label zone=b --description spare',
      () => ({
        status: 201,
        body: { node: exampleNode('node-9'), bootstrapToken: 'rcb_x', expiresAt, install },
      }),
    );
    expect({ code, out }).toEqual({ code: 0, out: 'rcb_x\n' });
    expect(err).toContain('shown this once and expires in 1d');
    expect(asked[0]?.body).toEqual({
      name: 'node-9',
      labels: { pool: 'a', zone: 'b' },
      description: 'spare',
      expiresIn: '30m',
    });
  });

  test('token regenerate does so too', async () => {
    const { out, asked } = await rollcall('node token regenerate node-9', () => ({
      status: 201,
      body: { bootstrapToken: 'rcb_y', expiresAt, install },
    }));
    expect(out).toBe('rcb_y\n');
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/v1/nodes/node-9/bootstrap-token' });
  });

  test.each(['node register node-9', 'node token regenerate node-9', 'join-token create'])(
    '%s in one form warns where the api has nothing for it to fetch',
    async (command) => {
      const answer = (isPackageServed: boolean) => () => ({
        status: 201,
        body: {
          node: exampleNode('node-9'),
          bootstrapToken: 'rcb_x',
          expiresAt,
          joinToken: { id: '1', maxUses: 1, expiresAt },
          install: { ...install, isPackageServed },
        },
      });
      const warning = expect.stringMatching(
        /^warning: this api has no package of the agent .*PackagesDir names the folder\n$/,
      );
      for (const [form, text] of [
        ['command', install.command + '\n'],
        ['cloud-init', install.cloudInit],
        ['ansible', install.ansible],
      ])
        expect(await rollcall(`${command} --format ${form}`, answer(false))).toMatchObject({ out: text, err: warning });
      expect(await rollcall(`${command} --format config`, answer(false))).toMatchObject({
        out: install.configYaml,
        err: '',
      });
    },
  );
});

test('node describe shows the latest events, oldest first', async () => {
  const { out } = await rollcall('node describe node-1', ({ path }) =>
    path.endsWith('/events') ? page(exampleEvents('node-1')) : { body: exampleNode('node-1') },
  );
  expect(out.indexOf('NodeJoined')).toBeLessThan(out.indexOf('NodeRejected'));
});

test('node events goes on to the next page until it has as many as were asked for', async () => {
  const [newest, ...older] = exampleEvents('node-1');
  const { out, asked } = await rollcall('node events node-1 --limit 2 -o name', ({ query }) =>
    query.has('cursor') ? page(older.slice(0, 1), 'more') : page([newest], 'next'),
  );
  expect(out).toBe('event-2\nevent-3\n');
  expect(asked.map(({ query }) => query.get('limit'))).toEqual(['2', '1']);
});

test('node sessions says where they are not the live ones', async () => {
  const { out, err } = await rollcall('node sessions node-1', () => ({
    body: { items: NODE_SESSIONS, source: 'record', reportedAt: new Date(NOW - 60_000).toISOString() },
  }));
  expect(out).toContain('ana@example.com');
  expect(err).toBe("The node's workflow did not answer: these are its sessions as last recorded (reported 1m ago).\n");
});

describe('what the api refuses', () => {
  test.each([
    [400, 2, 'VALIDATION_FAILED', { field: 'reason' }, 'VALIDATION_FAILED: reason: it says no. Do this\n'],
    [401, 4, 'UNAUTHENTICATED', {}, 'UNAUTHENTICATED: it says no. Log in: rollcall auth login --token-stdin\n'],
    [403, 4, 'FORBIDDEN', {}, 'FORBIDDEN: it says no. Do this\n'],
    [404, 5, 'NODE_NOT_FOUND', {}, 'NODE_NOT_FOUND: it says no. Do this\n'],
    [409, 6, 'NODE_NOT_APPROVED', {}, 'NODE_NOT_APPROVED: it says no. Do this\n'],
    [410, 5, 'NODE_REMOVED', {}, 'NODE_REMOVED: it says no. Do this\n'],
    [500, 1, 'INTERNAL', {}, 'INTERNAL: it says no. Do this\n'],
    [503, 1, 'UNAVAILABLE', {}, 'UNAVAILABLE: it says no. Do this\n'],
  ])('with %i exits with %i and says %s', async (status, code, name, rest, sentence) => {
    const outcome = await rollcall('node approve node-1', () =>
      problem(status, name, 'it says no', { hint: 'Do this', ...rest }),
    );
    expect(outcome).toMatchObject({ code, out: '', err: sentence });
  });

  test('may not move the cursor', async () => {
    const { err } = await rollcall('node approve node-1', () =>
      problem(409, 'NODE_REJECTED', 'node \u001b[2Jnode-1\nOk'),
    );
    expect(err).toBe('NODE_REJECTED: node node-1 Ok\n');
  });
});

test.each([
  ['an error page', { status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' }],
  ['a page of its own', { status: 200, body: '<html>Welcome</html>', contentType: 'text/html' }],
  ['half an answer', { status: 200, body: '{"items": [', contentType: 'application/json' }],
])('says that what answers is no api: %s', async (_title, answer: Answer) => {
  const { code, err } = await rollcall('node list', () => answer);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^NO_API: http:\/\/127\.0\.0\.1:\d+ answered \d+ and is no Rollcall api, .* Check the address: --server, ROLLCALL_SERVER or the context file\n$/,
  );
});

test('names the address where nothing answers, and exits with 1', async () => {
  const gone = await startFakeApi(() => page([]));
  await gone.stop();
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: gone.url, ROLLCALL_TOKEN: 'rca_x' } });
  expect(await run(['node', 'list'], terminal, new AbortController().signal)).toBe(1);
  expect(terminal.err()).toBe(
    `UNREACHABLE: no api answers at ${gone.url} (connection refused). Start it with npm start, or name another with --server\n`,
  );
});
