import { describe, expect, test } from '@jest/globals';
import { NOW } from '../../support/cli/example-nodes.js';
import { COMPLETED, exampleSession } from '../../support/cli/example-sessions.js';
import { problem, type Answer, type Asked } from '../../support/cli/fake-api.js';
import { expectCliGolden, page, rollcall } from '../../support/cli/rollcall.js';

const OPEN = ['session', 'open', '--principal', 'ana', 'select 42 as answer'];

/** A session that is opened, then seen in each of these states; the last repeatedly. */
function opened(...looks: object[]) {
  let look = 0;
  return ({ method }: Asked): Answer => {
    if (method === 'POST') return { status: 201, body: exampleSession('s-3', { state: 'ASSIGNED', startedAt: null }) };
    look += 1;
    return { body: looks[Math.min(look, looks.length) - 1] };
  };
}

describe('session open', () => {
  test('sends its options, waits, and prints the beginning of the result; everything else is on stderr', async () => {
    const options = [
      '--cpu',
      '0.5',
      '--memory',
      '512MiB',
      '--disk',
      '1GiB',
      '--gpu',
      '1',
      '--labels',
      'pool=a,zone=b',
      '--strategy',
      'pack',
    ];
    const { code, out, err, asked } = await rollcall([...OPEN, ...options], opened(exampleSession('s-3'), COMPLETED));
    expect({ code, out }).toEqual({ code: 0, out: 'answer  who\n42      ana\n7       NULL\n' });
    expect(err).toBe(
      [
        'Waiting for session s-3 on node-1',
        'Session s-3 completed on node-1 in 5s: 250 rows.',
        'Shown is its beginning, 2 rows.',
        'The whole result is in /var/lib/rollcall-agent/results/s-3.csv on node-1.',
        '',
      ].join('\n'),
    );
    expect(asked[0]).toMatchObject({
      ...{ method: 'POST', path: '/v1/sessions' },
      body: {
        principal: 'ana',
        sql: 'select 42 as answer',
        resources: { cpu: 0.5, memory: 512 * 1_024 ** 2, disk: 1_024 ** 3, gpu: 1 },
        labels: { pool: 'a', zone: 'b' },
        strategy: 'pack',
      },
    });
  });

  test('reads the query from standard input, and leaves reservations to the api by default', async () => {
    const { asked } = await rollcall(['session', 'open', '-p', 'ana', '-'], opened(COMPLETED), {
      stdin: 'select 1;\nselect 2',
    });
    expect(asked[0]?.body).toEqual({
      principal: 'ana',
      sql: 'select 1;\nselect 2',
      resources: {},
      labels: {},
      strategy: 'spread',
    });
  });

  test('--dry-run says where it would run, and waits for nothing', async () => {
    const headers = { 'dry-run': 'true' };
    const { code, out, err, asked } = await rollcall([...OPEN, '--dry-run'], () => ({
      ...{ status: 201, headers, body: exampleSession('s-3', { state: 'ASSIGNED', startedAt: null }) },
    }));
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'Ok\n',
      err: 'It would be given to node-1.\nThis was a dry run: nothing was changed.\n',
    });
    expect(asked.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual(['/v1/sessions?dryRun=true']);
  });

  test('--no-wait prints the id and ends', async () => {
    const { code, out, err, asked } = await rollcall([...OPEN, '--no-wait'], opened());
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 's-3\n',
      err: 'Session s-3 was given to node-1; see: rollcall session describe s-3\n',
    });
    expect(asked).toHaveLength(1);
  });

  test('prints the session as json and as name', async () => {
    expect(JSON.parse((await rollcall([...OPEN, '-o', 'json'], opened(COMPLETED))).out)).toEqual(COMPLETED);
    expect((await rollcall([...OPEN, '-o', 'name'], opened(COMPLETED))).out).toBe('s-3\n');
  });

  test.each([
    [
      'fails',
      { state: 'FAILED', reason: 'Parser Error: syntax error at or near "selec"' },
      'SESSION_FAILED: session s-3 failed on node-1: Parser Error: syntax error at or near "selec"',
    ],
    [
      'is terminated',
      {
        state: 'TERMINATED',
        reason: 'too old',
        termination: { at: new Date(NOW).toISOString(), by: 'bob', reason: 'too old' },
      },
      'SESSION_TERMINATED: session s-3 was terminated on node-1 by bob: too old',
    ],
    ['is lost', { state: 'LOST', reason: '' }, 'SESSION_LOST: session s-3 is lost on node-1'],
  ] as const)('exits with 1 and the reason where the query %s', async (_what, changes, sentence) => {
    const { code, out, err } = await rollcall(
      OPEN,
      opened(exampleSession('s-3', { ...changes, endedAt: new Date(NOW).toISOString() })),
    );
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `${sentence}. See: rollcall session describe s-3\n` });
  });

  test('exits with 6 and the counts if no node fits', async () => {
    const { code, err } = await rollcall(OPEN, () =>
      problem(409, 'NO_NODE_FITS', '0 of 12 nodes: 3 unhealthy, 2 draining, 7 lack memory', { hint: 'Ask for less' }),
    );
    expect({ code, err }).toEqual({
      code: 6,
      err: 'NO_NODE_FITS: 0 of 12 nodes: 3 unhealthy, 2 draining, 7 lack memory. Ask for less\n',
    });
  });

  test('exits with 3 after --timeout and with 130 on Ctrl-C, and says that the query goes on', async () => {
    const { code, err } = await rollcall([...OPEN, '--timeout', '10ms'], opened(exampleSession('s-3')));
    expect(code).toBe(3);
    expect(err).toMatch(
      /\nTIMEOUT: after 10ms still: session s-3 on node-1\. It goes on without you; see: rollcall session describe s-3\n$/,
    );
    const interruption = new AbortController();
    let looks = 0;
    const interrupted = await rollcall(
      OPEN,
      (asked) => {
        if (asked.method === 'GET' && (looks += 1) === 2) interruption.abort();
        return opened(exampleSession('s-3'))(asked);
      },
      { interruption },
    );
    expect(interrupted).toMatchObject({
      code: 130,
      err: expect.stringMatching(
        /\nINTERRUPTED: no longer waiting; then: session s-3 .*It goes on without you; see: rollcall session describe s-3\n$/,
      ),
    });
  });
});

describe('session list', () => {
  const SESSIONS = [
    exampleSession('s-1'),
    exampleSession('s-2', { node: null, state: 'FAILED', reason: 'no node fits' }),
    { ...COMPLETED, sql: null, preview: null },
  ];

  test('table', async () =>
    expectCliGolden('session-list', (await rollcall(['session', 'list'], () => page(SESSIONS))).out));
  test('wide', async () =>
    expectCliGolden(
      'session-list-wide',
      (await rollcall(['session', 'list', '-o', 'wide'], () => page(SESSIONS))).out,
    ));

  test('sends its filters, reads the necessary pages, and says when there are more', async () => {
    const filters = [
      '--node',
      'node-1',
      '--principal',
      'ana',
      '--state',
      'running',
      '--state',
      'lost',
      '--live',
      '--limit',
      '2',
      '-o',
      'name',
    ];
    const { out, err, asked } = await rollcall(['session', 'list', ...filters], ({ query }) =>
      query.has('cursor') ? page(SESSIONS.slice(2)) : page(SESSIONS.slice(0, 2), 'next'),
    );
    expect({ out, err }).toEqual({ out: 's-1\ns-2\n', err: 'These are the latest 2; for more: --limit or --all\n' });
    const [query] = asked.map((one) => one.query);
    expect([query?.get('node'), query?.get('principal'), query?.getAll('state'), query?.get('live')]).toEqual([
      'node-1',
      'ana',
      ['RUNNING', 'LOST'],
      'true',
    ]);
    expect(
      (
        await rollcall(['session', 'list', '--all', '-o', 'name'], ({ query: at }) =>
          at.has('cursor') ? page(SESSIONS.slice(2)) : page(SESSIONS.slice(0, 2), 'next'),
        )
      ).out,
    ).toBe('s-1\ns-2\ns-3\n');
  });

  test('says that there are none', async () => {
    expect((await rollcall(['session', 'list'], () => page([]))).err).toBe('No session matches.\n');
  });
});

describe('session describe', () => {
  test('shows everything, with the beginning of its result', async () =>
    expectCliGolden(
      'session-describe',
      (await rollcall(['session', 'describe', 's-3'], () => ({ body: COMPLETED }))).out,
    ));

  test('moves no cursor, whatever the query and its result contain', async () => {
    const evil = {
      ...COMPLETED,
      sql: 'select \u001b[2J1',
      preview: {
        columns: [{ name: '\u001b]0;x\u0007', type: 'T' }],
        rows: [['\u001b[31mred\nline']],
        truncated: false,
      },
    };
    expect((await rollcall(['session', 'describe', 's-3'], () => ({ body: evil }))).out).not.toMatch(
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      /[\u0000-\u0009\u000b-\u001f]/,
    );
  });

  test('exits with 5 if there is none, and with 6 if there is more than one', async () => {
    expect(
      (
        await rollcall(['session', 'describe', 's-9'], () =>
          problem(404, 'SESSION_NOT_FOUND', 'there is no session s-9'),
        )
      ).code,
    ).toBe(5);
    expect(
      (
        await rollcall(['session', 'describe', 's-9'], () =>
          problem(409, 'SESSION_AMBIGUOUS', 'two nodes have a session s-9'),
        )
      ).code,
    ).toBe(6);
  });
});

describe('session terminate', () => {
  test('terminates one: prints Ok, and sends the reason', async () => {
    const { code, out, asked } = await rollcall(['session', 'terminate', 's-1', '--reason', 'too old'], () => ({
      status: 202,
      body: exampleSession('s-1', { state: 'TERMINATING' }),
    }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect([asked[0]?.method, asked[0]?.path, asked[0]?.query.get('reason')]).toEqual([
      'DELETE',
      '/v1/sessions/s-1',
      'too old',
    ]);
  });

  test('terminates several, including those after one that has ended', async () => {
    const { code, out, err } = await rollcall(['session', 'terminate', 's-1', 's-2', 's-3'], ({ path }) =>
      path.endsWith('s-2')
        ? problem(409, 'SESSION_ENDED', 'session s-2 has ended (COMPLETED)')
        : { status: 202, body: exampleSession('s-1') },
    );
    expect({ code, out, err }).toEqual({
      code: 6,
      out: 's-1 Ok\ns-3 Ok\n',
      err: 'SESSION_ENDED: session s-2 has ended (COMPLETED)\nSESSION_ENDED: 1 of 3 sessions were not terminated\n',
    });
  });

  test('terminates one on a node if another node has a session of the same id', async () => {
    const { asked } = await rollcall(['session', 'terminate', 's-1', '--node', 'node-2'], () => ({
      status: 202,
      body: exampleSession('s-1'),
    }));
    expect(asked[0]?.path).toBe('/v1/nodes/node-2/sessions/s-1');
  });
});
