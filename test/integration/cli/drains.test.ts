import { describe, expect, test } from '@jest/globals';
import type { DrainSet, Node, NodeSession } from '../../../client/types.gen.js';
import { exampleDrain } from '../../support/cli/example-drain.js';
import { exampleNode, NOW } from '../../support/cli/example-nodes.js';
import { NODE_SESSIONS } from '../../support/cli/example-sessions.js';
import { problem, type Answer, type Asked } from '../../support/cli/fake-api.js';
import { expectCliGolden, rollcall } from '../../support/cli/rollcall.js';

const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();
const cache = (items: NodeSession[]): Answer => ({ body: { items, source: 'workflow', reportedAt: at(0) } });

const draining = (remaining: string[], changes: Partial<Node> = {}): Node =>
  exampleNode('node-1', {
    phase: 'DRAINING',
    drain: {
      since: at(-60),
      by: 'admin',
      reason: 'new kernel',
      deadline: at(600),
      onDeadline: 'terminate',
      terminating: false,
      thenRemove: false,
      remaining,
    },
    decision: { seq: 2, appliedSeq: 2, unappliedSince: null },
    ...changes,
  });
const DRAINED = exampleNode('node-1', { phase: 'DRAINED', decision: { seq: 2, appliedSeq: 2, unappliedSince: null } });

/** Answers the decision, then each look at the node with the remaining sessions. */
function looks(...steps: [Node, NodeSession[]][]) {
  let step = -1;
  return ({ method, path }: Asked): Answer => {
    if (method === 'POST')
      return {
        status: 202,
        body: {
          node: exampleNode('node-1', { decision: { seq: 2, appliedSeq: 1, unappliedSince: null } }),
          applied: false,
        },
      };
    if (path.endsWith('/sessions')) return cache(steps[Math.min(step, steps.length - 1)]?.[1] ?? []);
    step += 1;
    return { body: steps[Math.min(step, steps.length - 1)]?.[0] };
  };
}

describe('node deactivate --monitor', () => {
  test('without a terminal prints what blocks the drain whenever that changes, and ends when the node is drained', async () => {
    const { code, out, err } = await rollcall(
      'node deactivate node-1 --monitor',
      looks(
        [draining(['s-1', 's-2']), NODE_SESSIONS],
        [
          draining(['s-1', 's-2']),
          NODE_SESSIONS.map((session) => ({ ...session, elapsedMs: session.elapsedMs + 500 })),
        ],
        [draining(['s-2']), NODE_SESSIONS.slice(1)],
        [DRAINED, []],
      ),
    );
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(err).toBe(
      [
        'Node node-1 drains: 2 sessions left; deadline: in 10m, then sessions are terminated.',
        '  s-1  ana@example.com  1m15s',
        '  s-2  job:nightly TERMINATING  2h30m',
        'Node node-1 drains: 1 session left; deadline: in 10m, then sessions are terminated.',
        '  s-2  job:nightly TERMINATING  2h30m',
        'Node node-1 is DRAINED.',
        '',
      ].join('\n'),
    );
  });

  test('redraws it in place on a terminal', async () => {
    const { err } = await rollcall(
      'node deactivate node-1 --monitor',
      looks([draining(['s-1', 's-2']), NODE_SESSIONS], [draining(['s-2']), NODE_SESSIONS.slice(1)], [DRAINED, []]),
      { screen: { columns: 80, rows: 24 }, env: { NO_COLOR: '1' } },
    );
    expect(err.split('\u001b[J')).toEqual([
      '\r',
      expect.stringContaining('s-1'),
      expect.not.stringContaining('s-1'),
      'Node node-1 is DRAINED.\n',
    ]);
    expect(err).toContain('\u001b[3A');
  });

  test('says that the node is silent, and waits for an unreachable api', async () => {
    const silent = draining(['s-1'], {
      status: 'UNHEALTHY',
      liveness: { value: 'UNHEALTHY', since: at(-30), reason: 'no heartbeat for 1m', by: 'system' },
    });
    let away = true;
    const answer = looks([silent, NODE_SESSIONS.slice(0, 1)], [DRAINED, []]);
    const { code, err } = await rollcall('node decommission node-1 --monitor --timeout 5s', (asked) => {
      if (asked.method === 'GET' && away) {
        away = false;
        return problem(503, 'UNAVAILABLE', 'MongoDB does not answer');
      }
      if (asked.path.endsWith('/sessions') || asked.method === 'POST') return answer(asked);
      const seen = answer(asked);
      return (seen.body as Node).phase === 'DRAINED'
        ? problem(404, 'NODE_NOT_FOUND', 'there is no node node-1')
        : { body: { ...(seen.body as Node), drain: { ...silent.drain, thenRemove: true } } };
    });
    expect(code).toBe(0);
    expect(err).toMatch(/^Waiting for an answer from http.*\n/);
    expect(err).toContain(
      'It is silent (no heartbeat for 1m): what still runs is given up as LOST when it becomes UNKNOWN.',
    );
  });

  test('says at Ctrl-C that the drain goes on', async () => {
    const interruption = new AbortController();
    const answer = looks([draining(['s-1']), NODE_SESSIONS.slice(0, 1)]);
    const { code, out, err } = await rollcall(
      'node deactivate node-1 --monitor',
      (asked) => {
        if (asked.path.endsWith('/sessions')) setTimeout(() => interruption.abort(), 50);
        return answer(asked);
      },
      { interruption },
    );
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toMatch(
      /\nINTERRUPTED: no longer waiting; then: node node-1 to finish 1 session\. It goes on without you; see: rollcall node describe node-1\n$/,
    );
  });
});

describe('node deactivate --filter-labels', () => {
  const QUEUED = exampleDrain('abc', {
    counts: { ...exampleDrain('abc').counts, QUEUED: 4, DRAINING: 0, DRAINED: 0, SKIPPED: 0 },
  });
  const nodes = (exampleDrain('abc').nodes ?? []).map((member) =>
    member.state === 'SKIPPED' ? member : { ...member, state: 'DRAINED' as const },
  );
  const DONE = exampleDrain('abc', {
    nodes,
    state: 'DONE',
    endedAt: at(0),
    counts: { ...exampleDrain('abc').counts, QUEUED: 0, DRAINING: 0, DRAINED: 3 },
  });

  test('starts a drain of the set: its id on stdout', async () => {
    const { code, out, err, asked } = await rollcall(
      'node deactivate --filter-labels pool=a,zone --max-unavailable 2 --reason kernel --deadline 15m --on-deadline terminate',
      () => ({ status: 201, body: { ...QUEUED, maxUnavailable: 2 } }),
    );
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'abc\n',
      err: 'Drain abc of 4 nodes has begun, at most 2 at once; see: rollcall drain describe abc\n',
    });
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/v1/drains',
        body: {
          labels: ['pool=a', 'zone'],
          maxUnavailable: 2,
          reason: 'kernel',
          deadline: '15m',
          onDeadline: 'terminate',
        },
      },
    ]);
  });

  const steps = (...sets: DrainSet[]) => {
    let step = -1;
    return ({ method, path }: Asked): Answer => {
      if (method === 'POST') return { status: 201, body: QUEUED };
      if (path.endsWith('/sessions')) return cache(NODE_SESSIONS.slice(0, 1));
      step += 1;
      return { body: sets[Math.min(step, sets.length - 1)] };
    };
  };

  test('--wait and --monitor name the other unavailable nodes, and that the drain waits for them', async () => {
    const others = {
      waiting: true,
      count: 3,
      nodes: [
        { id: 'node-7', why: 'UNKNOWN' },
        { id: 'node-8', why: 'REJECTED by \u001b[31mbob' },
      ],
    };
    const line =
      'node-7 (UNKNOWN), node-8 (REJECTED by bob) and 1 more count too: no further node begins until fewer are unavailable';
    const waits = { ...QUEUED, others };
    expect((await rollcall('node deactivate -l pool=a --monitor', steps(waits, waits, DONE))).err).toContain(
      `Drain abc is RUNNING: 4 QUEUED.\n  ${line}\n`,
    );
    expect((await rollcall('node deactivate -l pool=a --wait', steps(waits, waits, DONE))).err).toContain(
      `Waiting for drain abc (RUNNING: 4 QUEUED; ${line})\n`,
    );
    expect((await rollcall('drain describe abc', () => ({ body: waits }))).out).toContain(`\nOthers    ${line}\n`);
  });

  test('--monitor shows what blocks, and names the skipped nodes', async () => {
    const { code, err } = await rollcall(
      'node deactivate -l pool=a --monitor',
      steps(QUEUED, exampleDrain('abc'), DONE),
    );
    expect(code).toBe(0);
    expect(err.split('\n').slice(1)).toEqual([
      'Drain abc is RUNNING: 1 QUEUED, 1 DRAINING, 1 DRAINED, 1 SKIPPED.',
      '  Node node-3: 1 session left',
      '    s-1  ana@example.com  1m15s',
      'Drain abc is DONE: 3 DRAINED, 1 SKIPPED.',
      'Node node-2 was skipped: node node-2 awaits approval',
      '',
    ]);
  });

  test('--wait exits with 1 if the set was cancelled, and with 3 after --timeout', async () => {
    const cancelled = exampleDrain('abc', {
      state: 'CANCELLED',
      endedAt: at(0),
      nodes: [],
      ruling: { at: at(-1), by: 'bob', applied: true },
    });
    expect(await rollcall('node deactivate -l pool=a --wait', steps(QUEUED, cancelled))).toMatchObject({
      code: 1,
      err: expect.stringContaining('SUPERSEDED: drain abc was cancelled by bob: '),
    });
    expect(await rollcall('node deactivate -l pool=a --timeout 10ms', steps(QUEUED))).toMatchObject({
      code: 3,
      err: expect.stringContaining('It goes on without you; see: rollcall drain describe abc'),
    });
  });

  test('exits with 6 if no node has the labels', async () => {
    const { code, err } = await rollcall('node deactivate -l pool=none', () =>
      problem(409, 'NO_NODE_MATCHES', 'no compute node has the labels pool=none', { field: 'labels' }),
    );
    expect({ code, err }).toEqual({ code: 6, err: 'NO_NODE_MATCHES: no compute node has the labels pool=none\n' });
  });

  test.each([
    ['node deactivate', 'it lacks the node'],
    ['node deactivate node-1 -l pool=a', 'it names one node and labels of many'],
    ['node deactivate node-1 --max-unavailable 2', '--max-unavailable is for several nodes'],
  ])('%s is a usage error', async (line, says) => {
    const { code, err, asked } = await rollcall(line, () => ({ body: {} }));
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toMatch(new RegExp(`^USAGE: ${says}\\. `));
  });
});

describe('drain', () => {
  const SETS = [
    exampleDrain('abc'),
    exampleDrain('xyz', { state: 'DONE', deadline: null, reason: '', endedAt: at(-10), maxUnavailable: 10 }),
  ];

  test('list', async () =>
    expectCliGolden(
      'drain-list',
      (await rollcall('drain list', () => ({ body: { items: SETS, nextCursor: null } }))).out,
    ));
  test('list, wide', async () =>
    expectCliGolden(
      'drain-list-wide',
      (await rollcall('drain list -o wide', () => ({ body: { items: SETS, nextCursor: null } }))).out,
    ));
  test('describe', async () =>
    expectCliGolden('drain-describe', (await rollcall('drain describe abc', () => ({ body: SETS[0] }))).out));

  test('describe --monitor shows it live first', async () => {
    const { out, err } = await rollcall('drain describe xyz --monitor', ({ path }) =>
      path.endsWith('/sessions') ? cache([]) : { body: SETS[1] },
    );
    expect(err).toMatch(/^Drain xyz is DONE: /);
    expect(out).toMatch(/^Drain +xyz\nState +DONE\n/);
  });

  test.each(['pause', 'resume', 'cancel'])('%s prints Ok when it is in force', async (wish) => {
    const { code, out, asked } = await rollcall(`drain ${wish} abc`, () => ({ body: SETS[0] }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked).toMatchObject([{ method: 'POST', path: `/v1/drains/abc/${wish}` }]);
  });

  test('pause of a finished one exits with 6, and of an unknown one with 5', async () => {
    expect(
      (await rollcall('drain pause abc', () => problem(409, 'DRAIN_ENDED', 'drain abc is over (DONE)'))).code,
    ).toBe(6);
    expect((await rollcall('drain pause abc', () => problem(404, 'NOT_FOUND', 'there is no drain abc'))).code).toBe(5);
  });
});
