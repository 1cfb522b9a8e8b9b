import { describe, expect, test } from '@jest/globals';
import type { Node } from '../../../client/types.gen.js';
import { exampleEvents, exampleNode, NOW } from '../../support/cli/example-nodes.js';
import { NODE_SESSIONS } from '../../support/cli/example-sessions.js';
import { type Answer } from '../../support/cli/fake-api.js';
import { page, rollcall } from '../../support/cli/rollcall.js';

const decided = (node: Node): Answer => ({ status: 202, body: { node, applied: false } });

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

  test('deactivate sends begin and end, and counts a duration from the beginning', async () => {
    const line = 'node deactivate node-1 --at 2027-01-31T22:00Z --until 4h';
    const { code, out, err, asked } = await rollcall(line, () => decided(exampleNode('node-1')));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked[0]?.body).toEqual({ reason: '', at: '2027-01-31T22:00:00.000Z', until: '2027-02-01T02:00:00.000Z' });
    expect(err).toContain(
      'node-1 goes out of service at 2027-01-31T22:00:00.000Z, and comes back at 2027-02-01T02:00:00.000Z',
    );
    const asksNobody = () => decided(exampleNode('node-1'));
    expect((await rollcall(`${line} --wait`, asksNobody)).code).toBe(2);
    const local = await rollcall(['node', 'deactivate', 'node-1', '--at', '2027-01-31 22:00'], asksNobody);
    expect(local).toMatchObject({ code: 2, err: expect.stringContaining('lacks its time zone') });
  });

  test('delete sends force and the reason', async () => {
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

  test('register prints only the token on stdout, and instructions on stderr', async () => {
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

  test('token regenerate does the same', async () => {
    const { out, asked } = await rollcall('node token regenerate node-9', () => ({
      status: 201,
      body: { bootstrapToken: 'rcb_y', expiresAt, install },
    }));
    expect(out).toBe('rcb_y\n');
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/v1/nodes/node-9/bootstrap-token' });
  });

  test.each(['node register node-9', 'node token regenerate node-9', 'join-token create'])(
    '%s in one form warns if the api has no packages',
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

test('node events reads pages until it has as many as requested', async () => {
  const [newest, ...older] = exampleEvents('node-1');
  const { out, asked } = await rollcall('node events node-1 --limit 2 -o name', ({ query }) =>
    query.has('cursor') ? page(older.slice(0, 1), 'more') : page([newest], 'next'),
  );
  expect(out).toBe('event-2\nevent-3\n');
  expect(asked.map(({ query }) => query.get('limit'))).toEqual(['2', '1']);
});

test('node sessions says when they are not live', async () => {
  const { out, err } = await rollcall('node sessions node-1', () => ({
    body: { items: NODE_SESSIONS, source: 'record', reportedAt: new Date(NOW - 60_000).toISOString() },
  }));
  expect(out).toContain('ana@example.com');
  expect(err).toBe("The node's workflow did not answer: these are its sessions as last recorded (reported 1m ago).\n");
});
