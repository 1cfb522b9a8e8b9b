import { describe, expect, test } from '@jest/globals';
import { CLUSTER } from '../../support/cli/example-cluster.js';
import { exampleNode, FRESH_CLUSTER, MIXED_FLEET, NOW } from '../../support/cli/example-nodes.js';
import { problem, type Answer, type Asked } from '../../support/cli/fake-api.js';
import { page, rollcall } from '../../support/cli/rollcall.js';

describe('node list', () => {
  test("reads every page, in the api's order", async () => {
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

  test('shows instead who took nodes out of service, since when and why', async () => {
    const fleet = () => page([...FRESH_CLUSTER, ...MIXED_FLEET.filter(({ id }) => id === 'node-11')]);
    const { code, out } = await rollcall('node list --reasons', fleet);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^ID +STATE +SINCE +BY +REASON\nnode-11 +REJECTED +\S+ ago +\S+ +Unauthorized node\n/),
    ]);
    expect(JSON.parse((await rollcall('node list -R -o json', fleet)).out)[0]).toMatchObject({
      node: 'node-11',
      state: 'REJECTED',
      reason: 'Unauthorized node',
    });
    expect((await rollcall('node list -R --watch', fleet)).code).toBe(2);
  });

  test('sends its filters', async () => {
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

  test('prints only data on stdout, and on stderr that nothing matches', async () => {
    const { code, out, err } = await rollcall('node list -o json', () => page([]));
    expect({ code, out, err }).toEqual({ code: 0, out: '[]\n', err: 'No node matches.\n' });
  });

  test('colours a terminal, except with NO_COLOR', async () => {
    const screen = { columns: 80, rows: 24 };
    expect((await rollcall('node list', () => page(FRESH_CLUSTER), { screen })).out).toContain('\u001b[32mHEALTHY');
    expect(
      (await rollcall('node list', () => page(FRESH_CLUSTER), { screen, env: { NO_COLOR: '1' } })).out,
    ).not.toContain('\u001b');
    expect((await rollcall('node list', () => page(FRESH_CLUSTER))).out).not.toContain('\u001b');
  });

  test("shows ages by the api's clock if the clocks differ", async () => {
    const { out } = await rollcall('node list -o wide --no-headers', () => page([exampleNode('node-1')]), {
      now: NOW - 3_600_000,
    });
    expect(out).toMatch(/ACTIVE {2}4s /);
  });
});

test('warns on stderr about overdue nodes that are not judged', async () => {
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

  test('is reported on stderr if a listed node is silent, and by cluster; stdout is unchanged', async () => {
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

  test('is not requested if all nodes are heard, and its failure does not fail a list', async () => {
    expect((await rollcall('node list', () => page([exampleNode('node-1')]))).asked.map(({ path }) => path)).toEqual([
      '/v1/nodes',
    ]);
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
