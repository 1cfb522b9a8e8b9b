import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import {
  deactivateNode,
  removeNode,
  getSession,
  listNodeSessions,
  openSession,
  type Session,
} from '../../client/index.js';
import { program } from '../../embedded/installation.js';
import { eventually } from '../support/eventually.js';
import { PATIENT_WITH_NODES } from '../support/cluster/cluster-configuration.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { ENDLESS } from '../support/agent/duckdb-queries.js';

/** Real queries on real agents, from their placement to the removal of a node that ran them. */

const NODES = ['node-1', 'node-2', 'node-3'];
const ENDED = ['COMPLETED', 'FAILED', 'TERMINATED', 'LOST'];
/** Half a second of one core's work: twenty of them take a small machine long enough for a decision to come first. */
const LONG_QUERY = 'SELECT sum(i * i) AS total FROM range(400000000) t(i)';
const SMALL = { cpu: 0.01, memory: 64 * 1_024 ** 2, disk: 1_024 ** 2 };

const cluster = useCluster(NODES, PATIENT_WITH_NODES);

/** Retries with the same key if a busy machine kept a server from answering in time: it is the same session. */
function open(sql: string, resources: Record<string, number> = SMALL): Promise<Session> {
  const headers = { 'Idempotency-Key': randomUUID() };
  return eventually(async () => {
    const { data, error } = await openSession({
      client: cluster.admin,
      headers,
      body: { principal: 'ada', sql, resources },
    });
    if (!data) throw new Error(`not opened: ${JSON.stringify(error)}`);
    return data;
  }, 60_000);
}

/** A node is HEALTHY a moment before the record has its resources, which placement reads once a second. */
async function everyNodeTakesSessions(): Promise<void> {
  const took = new Set<string | null>();
  await eventually(async () => {
    took.add((await open('SELECT 1')).node);
    expect(took).toEqual(new Set(NODES));
  }, 60_000);
}

async function session(id: string): Promise<Session> {
  const { data, error } = await getSession({ client: cluster.admin, path: { id } });
  if (!data) throw new Error(`no session: ${JSON.stringify(error)}`);
  return data;
}

const inState = (id: string, states: string[], withinMs = 60_000): Promise<Session> =>
  eventually(async () => {
    const found = await session(id);
    expect([...states, found.reason]).toContain(found.state);
    return found;
  }, withinMs);

async function rollcall(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program('cli/main.js'), ...words], {
    env: {
      PATH: process.env['PATH'],
      ROLLCALL_HOME: cluster.home.path,
      ROLLCALL_TOKEN: cluster.adminToken,
      ROLLCALL_SERVER: cluster.url,
    },
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, out, err };
}

/** A node that was asked for a session too late holds the place for Orchestrator.Sessions.ConfirmTimeout, a minute. */
const GIVEN_BACK_WITHIN_MS = 75_000;

async function expectNothingLeft(): Promise<void> {
  await eventually(async () => {
    for (const name of NODES) {
      const node = await cluster.record(name).catch(() => undefined);
      if (node) expect({ name, ...node.applied?.view.reserved }).toEqual({ name, cpu: 0, memory: 0, disk: 0, gpu: 0 });
    }
  }, GIVEN_BACK_WITHIN_MS);
}

describe('sessions', () => {
  test('run on the nodes, and their results come back', async () => {
    const answer = await rollcall(
      'session',
      'open',
      '--principal',
      'ada',
      "SELECT 7 * 6 AS answer, 'forty-two' AS words",
    );
    expect(answer).toMatchObject({ code: 0, out: expect.stringMatching(/answer +words *\n42 +forty-two/i) });
  });

  test('twenty queries run on three nodes; a deactivated node gets no more, finishes its own, and is removed', async () => {
    await everyNodeTakesSessions();
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(LONG_QUERY)));
    const countOn = (name: string) => opened.filter(({ node }) => node === name).length;
    // Not always on all three: on a busy machine one may miss heartbeats, and gets none then.
    expect(NODES.filter((name) => countOn(name) > 0).length).toBeGreaterThanOrEqual(2);
    const busiest = NODES.toSorted((one, other) => countOn(other) - countOn(one))[0] as string;

    // It may be told to retry, since twenty assignments write the nodes' documents meanwhile.
    await eventually(async () =>
      expect(
        (await deactivateNode({ client: cluster.admin, path: { id: busiest }, body: { reason: 'new disks' } })).response
          ?.status,
      ).toBeLessThan(300),
    );
    const mine = opened.filter(({ node }) => node === busiest).map(({ id }) => id);
    const later = await Promise.all(Array.from({ length: 6 }, () => open('SELECT 1')));
    expect(later.map(({ node }) => node)).not.toContain(busiest);

    for (const id of mine) expect(await inState(id, ENDED, 90_000)).toMatchObject({ state: 'COMPLETED', rows: 1 });
    await eventually(async () => expect((await cluster.node(busiest)).phase).toBe('DRAINED'), GIVEN_BACK_WITHIN_MS);
    expect((await removeNode({ client: cluster.admin, path: { id: busiest } })).response?.status).toBeLessThan(300);
    await eventually(async () => expect(await cluster.record(busiest).catch(() => 'gone')).toBe('gone'), 20_000);
    for (const { id } of [...opened, ...later]) expect((await inState(id, ENDED, 90_000)).state).toBe('COMPLETED');
    await expectNothingLeft();
  }, 300_000);

  test('a running query is terminated from the command line', async () => {
    const { id, node } = await open(ENDLESS);
    await inState(id, ['RUNNING']);
    await eventually(async () => {
      const { data } = await listNodeSessions({ client: cluster.admin, path: { id: String(node) } });
      expect(data).toMatchObject({
        source: 'workflow',
        items: expect.arrayContaining([
          expect.objectContaining({ id, principal: 'ada', state: 'RUNNING', statement: ENDLESS }),
        ]),
      });
    });
    expect(await rollcall('session', 'terminate', id, '--reason', 'stale')).toMatchObject({ code: 0 });
    expect(await inState(id, ENDED, 20_000)).toMatchObject({ state: 'TERMINATED', termination: { reason: 'stale' } });
    await expectNothingLeft();
    expect(await rollcall('session', 'terminate', id)).toMatchObject({
      code: 6,
      err: expect.stringContaining('TERMINATED'),
    });
  }, 150_000);

  test('a query that fails and one that uses more memory than it requested end FAILED, with the reason', async () => {
    const [wrong, hungry] = [
      await open('SELECT nothing FROM nowhere'),
      await open('SELECT list(i) AS l, count(*) FROM range(300000000) t(i) GROUP BY i % 10000000'),
    ];
    expect(await inState(wrong.id, ENDED)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('nowhere'),
    });
    expect(await inState(hungry.id, ENDED, 90_000)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/memory/i),
    });
    await expectNothingLeft();
  }, 180_000);

  test('a node that is deleted while it runs a query: the session is LOST, and nothing of it runs on', async () => {
    const { id, node } = await open(ENDLESS);
    await inState(id, ['RUNNING']);
    const refused = await removeNode({ client: cluster.admin, path: { id: String(node) } });
    expect(refused).toMatchObject({
      response: { status: 409 },
      error: { code: 'NODE_HAS_SESSIONS', detail: expect.stringContaining(id) },
    });
    await removeNode({ client: cluster.admin, path: { id: String(node) }, query: { force: 'true' } });
    expect((await inState(id, ENDED)).state).toBe('LOST');
    // The agent learns that its node is gone, ends its sessions, and itself.
    await eventually(() => expect(cluster.agents.get(String(node))?.isRunning).toBe(false), 20_000);
    await expectNothingLeft();
  }, 150_000);
});
