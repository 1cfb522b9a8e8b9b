import { describe, expect, test } from '@jest/globals';
import {
  createApiToken,
  deactivateNode,
  openSession,
  getSession,
  listSessions,
  terminateNodeSession,
  terminateSession,
} from '../../../client/index.js';
import { reservationFor, SESSION_PROCESS_MEMORY } from '../../../contract/sessions.js';
import { eventually } from '../../support/eventually.js';
import { ended, GiB, patiently, running, useSessionCluster } from '../../support/api/session-cluster.js';

/** How long an agent's request for commands is held. */
const POLL = '20s';

const cluster = useSessionCluster();

const admin = () => cluster.api.admin;
const read = async (id: string, wait = '0s') =>
  (await getSession({ client: admin(), path: { id }, query: { wait } })).data;

describe('a session', () => {
  test('is placed, told to its node within a second through any replica, confirmed, and ends with what came of it', async () => {
    const agent = await cluster.node('worker-1', { pool: 'one' });
    const second = cluster.second.as((await agent.authenticate()) ?? '');
    const asked = { first: agent.client, second };
    for (const [which, client] of Object.entries(asked)) {
      agent.client = client;
      const commands = agent.commands(POLL);
      const opening = Date.now();
      const session = await cluster.opened({ principal: `ana-${which}`, labels: { pool: 'one' }, sql: 'select\n  42' });
      expect(session).toMatchObject({
        state: 'ASSIGNED',
        node: 'worker-1',
        kind: 'managed',
        statement: 'select 42',
        sql: 'select\n  42',
        openedBy: 'admin',
        resources: { cpu: 0.25, memory: GiB / 4, disk: GiB / 4, gpu: 0 },
      });
      const { data } = await commands;
      // Without a notification it would learn of it at the end of the poll.
      expect(Date.now() - opening).toBeLessThan(20_000);
      expect(data).toEqual({
        open: [{ id: session.id, principal: `ana-${which}`, sql: 'select\n  42', resources: session.resources }],
        terminate: [],
        report: false,
      });

      await agent.report([running(session)]);
      expect(await read(session.id)).toMatchObject({ state: 'RUNNING', startedAt: expect.any(String) });
      expect(await cluster.cacheOf('worker-1')).toEqual([
        expect.objectContaining({ id: session.id, state: 'RUNNING', resources: reservationFor(session.resources) }),
      ]);
      await eventually(async () =>
        expect(await cluster.describe('worker-1')).toMatchObject({
          activeSessions: 1,
          reserved: reservationFor(session.resources),
        }),
      );
      expect((await agent.commands()).data).toEqual({ open: [], terminate: [], report: false });

      const waiting = read(session.id, '30s');
      await agent.report([], [ended(session)]);
      expect(await waiting).toMatchObject({
        state: 'COMPLETED',
        rows: 1,
        resultFile: `results/${session.id}.csv`,
        preview: { rows: [['1']] },
        endedAt: expect.any(String),
      });
      expect(await cluster.cacheOf('worker-1')).toEqual([]);
      // The same report again, after a lost answer, changes nothing.
      expect((await agent.reportOnce([], [ended(session, 'FAILED')], agent.reports)).data).toEqual({ terminate: [] });
      expect((await read(session.id))?.state).toBe('COMPLETED');
    }
  });

  test('is listed, the latest first, in pages and by filters', async () => {
    const { data: all } = await listSessions({ client: admin(), query: { node: 'worker-1' } });
    expect(all?.items.map(({ principal, sql, preview }) => ({ principal, sql, preview }))).toEqual(
      ['ana-second', 'ana-first'].map((principal) => ({ principal, sql: null, preview: null })),
    );
    const { data: first } = await listSessions({
      client: admin(),
      query: { node: 'worker-1', limit: 1, live: 'false' },
    });
    const { data: next } = await listSessions({
      client: admin(),
      query: { node: 'worker-1', limit: 1, live: 'false', cursor: first?.nextCursor ?? '' },
    });
    expect([first?.items[0]?.principal, next?.items[0]?.principal, next?.nextCursor]).toEqual([
      'ana-second',
      'ana-first',
      null,
    ]);
    expect(
      (await listSessions({ client: admin(), query: { principal: 'ana-first', state: ['COMPLETED', 'LOST'] } })).data
        ?.items,
    ).toHaveLength(1);
    expect(
      (await listSessions({ client: admin(), query: { principal: 'ana-first', live: 'true' } })).data?.items,
    ).toEqual([]);
  });

  test('of somebody whose role is over some nodes goes to one of them, and no other of theirs is ended by them', async () => {
    const [here, there] = await Promise.all([
      cluster.node('scope-in', { only: 'scoped', pool: 'in' }),
      cluster.node('scope-out', { only: 'scoped', pool: 'out' }),
    ]);
    const body = { name: 'pool-in', role: 'operator', scope: ['pool=in'] } as const;
    const token = await createApiToken({
      client: admin(),
      body: { ...body, scope: [...body.scope] },
      throwOnError: true,
    });
    const client = cluster.api.as(token.data.token);
    const open = (labels: Record<string, string>) =>
      patiently(() => openSession({ client, body: { principal: 'ana', sql: 'select 1', labels } }));
    // If both were candidates, the other would be next.
    for (let times = 0; times < 6; times += 1)
      expect((await open({ only: 'scoped' })).data).toMatchObject({ state: 'ASSIGNED', node: 'scope-in' });
    expect((await open({ pool: 'out' })).error).toMatchObject({
      code: 'NO_NODE_FITS',
      detail: expect.stringMatching(
        /^0 of 1 node in scope: 1 lacks label pool=out; pool-in is operator on pool=in only, and \d+ nodes? (is|are) outside$/,
      ),
      hint: 'See: rollcall node list -l pool=in; or ask for less, or use a token or a login that may use other nodes',
    });
    const others = await cluster.opened({ labels: { pool: 'out' } });
    for (const ending of [
      terminateSession({ client, path: { id: others.id } }),
      terminateNodeSession({ client, path: { id: 'scope-out', sessionId: others.id } }),
    ])
      expect((await ending).error).toMatchObject({
        code: 'FORBIDDEN',
        detail: 'pool-in is operator on pool=in only, and node scope-out (pool=out) is outside',
      });
    expect((await read(others.id))?.state).toBe('ASSIGNED');
    const own = (await here.commands()).data?.open[0]?.id ?? '';
    expect((await terminateSession({ client, path: { id: own } })).data?.state).toBe('TERMINATING');
    expect((await there.commands()).data?.open).toHaveLength(1);
  });

  test('of a dry run says where it would go or why nowhere, and leaves no trace', async () => {
    const node = await cluster.node('tried', { pool: 'tried' });
    const dry = async (labels: Record<string, string>) => {
      const response = await cluster.api.raw('/v1/sessions?dryRun=true', {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${cluster.api.adminToken}`, 'content-type': 'application/json' },
          'idempotency-key': 'tried-1',
        },
        body: JSON.stringify({ principal: 'tried', sql: 'select 1', labels }),
      });
      return { status: response.status, header: response.headers.get('dry-run'), body: await response.json() };
    };
    await eventually(async () =>
      expect(await dry({ pool: 'tried' })).toMatchObject({
        ...{ status: 201, header: 'true' },
        body: { state: 'ASSIGNED', node: 'tried', principal: 'tried' },
      }),
    );
    expect(await dry({ pool: 'nowhere' })).toMatchObject({
      status: 409,
      body: { code: 'NO_NODE_FITS', detail: expect.stringContaining('pool=nowhere') },
    });
    expect((await listSessions({ client: admin(), query: { principal: 'tried' } })).data?.items).toEqual([]);
    expect((await node.commands()).data?.open).toEqual([]);
    // The key is free.
    const headers = { 'idempotency-key': 'tried-1' };
    expect((await cluster.open({ labels: { pool: 'tried' } }, cluster.api, headers)).data?.node).toBe('tried');
  });

  test('opened twice with one Idempotency-Key is one session, at whichever replica', async () => {
    await cluster.node('once', { pool: 'once' });
    const headers = { 'idempotency-key': 'once-1' };
    const answers = await Promise.all(
      [cluster.api, cluster.second, cluster.api].map((api) => cluster.open({ labels: { pool: 'once' } }, api, headers)),
    );
    const ids = new Set(answers.flatMap(({ data }) => (data ? [data.id] : [])));
    expect(ids.size).toBe(1);
    for (const { response } of answers) expect([201, 409]).toContain(response?.status);
    const again = await cluster.open({ labels: { pool: 'once' } }, cluster.second, headers);
    expect(again.data?.id).toBe([...ids][0]);
    expect(await cluster.cacheOf('once')).toHaveLength(1);
  });

  test('that no node can take is refused with the counts of why, and stays as a record that failed', async () => {
    const counted = await Promise.all(['few-1', 'few-2', 'few-3'].map((name) => cluster.node(name, { pool: 'few' })));
    expect(counted).toHaveLength(3);
    await deactivateNode({ client: admin(), path: { id: 'few-3' }, query: { wait: '10s' }, body: {} });
    const { error, response } = await cluster.open({ labels: { pool: 'few' }, resources: { memory: 1_000 * GiB } });
    expect(response?.status).toBe(409);
    expect(error).toMatchObject({
      code: 'NO_NODE_FITS',
      detail: expect.stringMatching(/^0 of \d+ nodes: 1 drained, \d+ lack label pool=few, 2 lack memory$/),
    });
    const { data } = await listSessions({ client: admin(), query: { state: 'FAILED' } });
    expect(data?.items[0]).toMatchObject({ state: 'FAILED', node: null, reason: error?.detail });
    // The same request again may succeed once there is room.
    const headers = { 'idempotency-key': 'retried' };
    expect((await cluster.open({ labels: { pool: 'roomy' } }, cluster.api, headers)).response?.status).toBe(409);
    await cluster.node('roomy', { pool: 'roomy' });
    const retried = await cluster.open({ labels: { pool: 'roomy' } }, cluster.api, headers);
    expect(retried.data).toMatchObject({ state: 'ASSIGNED', node: 'roomy' });
  });

  test.each([
    ['a principal of 10,000 characters', { principal: 'x'.repeat(10_000) }, 'principal'],
    ['no principal', { principal: '' }, 'principal'],
    ['an empty query', { sql: ' \n ' }, 'sql'],
    ['a query of a megabyte', { sql: `select ${'1'.repeat(40_000)}` }, 'sql'],
    ['negative memory', { resources: { memory: -1 } }, 'resources.memory'],
  ])('with %s is refused', async (_what, changes, field) => {
    const { error, response } = await cluster.open(changes);
    expect(response?.status).toBe(400);
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });
});

describe('a hundred sessions that race', () => {
  test('for the last gigabytes of a node: exactly as many as fit get in, and nothing else is reserved', async () => {
    await cluster.node('scarce', { pool: 'scarce' });
    // 8e9 bytes: room for seven of a GiB each, and for six with their processes.
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        cluster.openPatiently(
          { labels: { pool: 'scarce' }, resources: { memory: GiB, cpu: 0.01, disk: 1 } },
          index % 2 === 0 ? cluster.api : cluster.second,
        ),
      ),
    );
    const won = answers.flatMap(({ data }) => (data ? [data.id] : []));
    expect(won).toHaveLength(6);
    const refusals = answers.flatMap(({ error }) => (error ? [error] : []));
    expect(refusals).toHaveLength(94);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'NO_NODE_FITS', detail: expect.stringContaining('1 lacks memory') });
    expect((await cluster.cacheOf('scarce')).map(({ id }) => id).toSorted()).toEqual(won.toSorted());
    await eventually(async () =>
      expect(await cluster.describe('scarce')).toMatchObject({
        reserved: { memory: 6 * (GiB + SESSION_PROCESS_MEMORY) },
        activeSessions: 6,
      }),
    );
  }, 60_000);

  test('with a deactivation: none is assigned after it was committed, and no place stays reserved', async () => {
    const agent = await cluster.node('leaving', { pool: 'leaving' });
    const opens = Array.from({ length: 60 }, () =>
      cluster.openPatiently({
        labels: { pool: 'leaving' },
        resources: { cpu: 0.01, memory: 32 * 1_024 ** 2, disk: 1 },
      }),
    );
    await Promise.race(opens);
    const { data: decided } = await patiently(() =>
      deactivateNode({ client: admin(), path: { id: 'leaving' }, body: { reason: 'new disks' } }),
    );
    // Requests that are answered after this moment were committed before, or not at all.
    const { data: commands } = await agent.commands();
    const assigned = new Set(commands?.open.map(({ id }) => id));
    const answers = await Promise.all(opens);
    expect(decided?.node.phase).toBe('DRAINING');
    const won = answers.flatMap(({ data }) => (data ? [data] : []));
    expect(won.length).toBeGreaterThan(0);
    for (const { id } of won) expect(assigned).toContain(id);
    for (const { error } of answers) if (error) expect(error).toMatchObject({ code: 'NO_NODE_FITS' });
    await eventually(async () =>
      expect((await cluster.cacheOf('leaving')).map(({ id }) => id).toSorted()).toEqual(
        won.map(({ id }) => id).toSorted(),
      ),
    );
    expect(await cluster.describe('leaving')).toMatchObject({ drain: { remaining: expect.any(Array) } });
    await agent.report(
      [],
      won.slice(0, 8).map((session) => ended(session)),
    );
  }, 60_000);
});
