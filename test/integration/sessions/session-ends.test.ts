import { describe, expect, test } from '@jest/globals';
import {
  getSession,
  listNodeEvents,
  removeNode,
  terminateNodeSession,
  terminateSession,
} from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { runningSession } from '../../support/api/agent-under-test.js';
import { ended, running, useSessionCluster } from '../../support/api/session-cluster.js';

/** How long an agent's request for commands is held. */
const POLL = '20s';

const cluster = useSessionCluster();

const admin = () => cluster.api.admin;
const read = async (id: string) => (await getSession({ client: admin(), path: { id } })).data;

describe('terminating a session', () => {
  test('reaches its node at once and stays in the record with who and why; a second time it has ended', async () => {
    const agent = await cluster.node('ender', { pool: 'ender' });
    const session = await cluster.opened({ labels: { pool: 'ender' } });
    await agent.report([running(session)]);
    const commands = agent.commands(POLL);
    const terminated = await terminateSession({
      client: admin(),
      path: { id: session.id },
      query: { reason: 'too long' },
    });
    expect(terminated.response?.status).toBe(202);
    expect(terminated.data).toMatchObject({ state: 'TERMINATING', termination: { by: 'admin', reason: 'too long' } });
    expect((await commands).data?.terminate).toEqual([{ id: session.id, by: 'admin', reason: 'too long' }]);
    expect(
      (await terminateNodeSession({ client: admin(), path: { id: 'ender', sessionId: session.id } })).data,
    ).toMatchObject({ termination: { reason: 'too long' } });
    await agent.report([], [ended(session, 'TERMINATED')]);
    expect((await terminateSession({ client: admin(), path: { id: session.id } })).error).toMatchObject({
      code: 'SESSION_ENDED',
      status: 409,
      detail: expect.stringContaining('TERMINATED'),
    });
    expect(
      (await terminateNodeSession({ client: admin(), path: { id: 'ender', sessionId: 'nobody' } })).error,
    ).toMatchObject({ code: 'SESSION_NOT_FOUND' });
    expect((await terminateSession({ client: admin(), path: { id: 'nobody' } })).error).toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
    // The node has reported the session's end itself; the workflow reports the event in its own time.
    await eventually(async () => {
      const { data } = await listNodeEvents({ client: admin(), path: { id: 'ender' } });
      expect(data?.items).toContainEqual(
        expect.objectContaining({
          type: 'SessionsTerminated',
          by: 'admin',
          reason: expect.stringContaining(session.id),
        }),
      );
    });
  });

  test('that its node has not begun ends it without having begun', async () => {
    const agent = await cluster.node('early', { pool: 'early' });
    const session = await cluster.opened({ labels: { pool: 'early' } });
    await terminateSession({ client: admin(), path: { id: session.id }, query: { reason: 'changed my mind' } });
    expect((await agent.commands()).data).toMatchObject({ open: [], terminate: [{ id: session.id }] });
    await agent.report([]);
    expect(await read(session.id)).toMatchObject({ state: 'TERMINATED', startedAt: null, reason: 'changed my mind' });
    expect(await cluster.cacheOf('early')).toEqual([]);
  });
});

describe('what a node reports', () => {
  test('of another engine is shown, ended and kept, and never touches a session of the same id elsewhere', async () => {
    const [one, two] = [await cluster.node('engine-1', { pool: 'engines' }), await cluster.node('engine-2')];
    const session = await cluster.opened({ labels: { pool: 'engines' } });
    await one.report([running(session)]);
    // The other node claims the same id.
    await two.report([{ ...runningSession(session.id), principal: 'mallory' }, runningSession('q-1')]);
    expect(await cluster.cacheOf('engine-2')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: session.id, principal: 'mallory', resources: null })]),
    );
    expect((await getSession({ client: admin(), path: { id: session.id } })).error).toMatchObject({
      code: 'SESSION_AMBIGUOUS',
      status: 409,
      detail: expect.stringContaining('engine-'),
    });
    expect(
      (await terminateNodeSession({ client: admin(), path: { id: 'engine-2', sessionId: session.id } })).data,
    ).toMatchObject({ kind: 'external', principal: 'mallory', state: 'TERMINATING' });
    expect((await one.commands()).data?.terminate).toEqual([]);
    expect((await two.commands()).data?.terminate.map(({ id }) => id)).toEqual([session.id]);
    await two.report([runningSession('q-1')], [{ ...ended(session, 'TERMINATED'), kind: 'external' }]);
    expect(await read(session.id)).toMatchObject({ node: 'engine-1', state: 'RUNNING', principal: 'ana' });
    // An id that its engine reuses is another session.
    const later = new Date(Date.now() + 60_000).toISOString();
    await two.report([runningSession(session.id, { principal: 'oscar', startedAt: later })]);
    expect(await cluster.cacheOf('engine-2')).toEqual([expect.objectContaining({ principal: 'oscar' })]);
    // The one that it left out of a report is lost, until the node reports how it ended.
    expect(await read('q-1')).toMatchObject({ state: 'LOST', kind: 'external' });
    await two.report([], [{ ...ended({ id: 'q-1' }), kind: 'external' }]);
    expect(await read('q-1')).toMatchObject({ state: 'COMPLETED' });
  });

  test('is refused where a later report is known', async () => {
    const agent = await cluster.node('stale');
    await agent.report([runningSession('s-1')]);
    await agent.report([]);
    expect((await agent.reportOnce([runningSession('s-1')], [], 1)).error).toMatchObject({
      code: 'STALE_REPORT',
      status: 409,
    });
    expect(await cluster.cacheOf('stale')).toEqual([]);
  });
});

describe('deleting a node', () => {
  test('with active sessions is refused by name; with force they are lost, and the node is told nothing more', async () => {
    const agent = await cluster.node('doomed', { pool: 'doomed' });
    const session = await cluster.opened({ labels: { pool: 'doomed' } });
    expect((await removeNode({ client: admin(), path: { id: 'doomed' } })).error).toMatchObject({
      code: 'NODE_HAS_SESSIONS',
      status: 409,
      detail: expect.stringContaining(session.id),
    });
    expect(
      (await removeNode({ client: admin(), path: { id: 'doomed' }, query: { force: 'true', wait: '10s' } })).response
        ?.status,
    ).toBe(200);
    expect(await read(session.id)).toMatchObject({ state: 'LOST', reason: 'its node was removed', node: 'doomed' });
    expect((await agent.commands()).error).toMatchObject({ code: 'NODE_REMOVED' });
    expect((await agent.reportOnce([running(session)])).error).toMatchObject({ code: 'NODE_REMOVED' });
    expect((await cluster.open({ labels: { pool: 'doomed' } })).error).toMatchObject({ code: 'NO_NODE_FITS' });
  });
});
