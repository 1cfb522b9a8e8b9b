import { access, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SESSION_PROCESS_MEMORY } from '../../../contract/sessions.js';
import { eventually } from '../../support/eventually.js';
import { sessionsOf, isRunning } from '../../support/agent/sessions-of.js';
import { ScriptedOrchestrator } from '../../support/agent/scripted-orchestrator.js';
import { ENDLESS } from '../../support/agent/duckdb-queries.js';
import { order, SessionNode } from '../../support/agent/session-node.js';

/** Sessions of the built agent, as a process, from the command to the report. */

let orchestrator: ScriptedOrchestrator;
let node: SessionNode;

beforeEach(async () => {
  orchestrator = await new ScriptedOrchestrator().start();
});
afterEach(async () => {
  await node.end();
  await orchestrator.stop();
  expect(orchestrator.malformed).toEqual([]);
});

/** Resolves with the pid of the session's process once it runs, and the cluster has heard of it. */
async function running(id: string): Promise<number> {
  await eventually(() => expect(node.live(id)).toMatchObject({ state: 'RUNNING' }));
  return eventually(async () => {
    const [pid] = await sessionsOf(node.pid);
    if (pid === undefined) throw new Error('no process yet');
    return pid;
  });
}

/** Resolves when the agent would remember the session's outcome after a kill. */
async function kept(id: string): Promise<void> {
  const note = join(node.stateDir, 'sessions', id, 'session.json');
  await eventually(async () => expect(JSON.parse(await readFile(note, 'utf8'))).toHaveProperty('ended'));
}

test('an assigned session runs once even if it is assigned twice, and is reported until its end', async () => {
  node = await SessionNode.start(orchestrator);
  expect(node.reports).toMatchObject([{ seq: 1, live: [], ended: [] }]);
  node.tell({
    open: [order('s1', "SELECT 'Grüße' AS text"), order('s2', 'SELECT * FROM nothing'), order('s3', 'SELECT 3')],
  });
  expect(await node.ended('s1')).toMatchObject({
    kind: 'managed',
    state: 'COMPLETED',
    rows: 1,
    resultFile: join(node.stateDir, 'sessions/s1/result.jsonl'),
    preview: { rows: [['Grüße']] },
  });
  expect(await node.ended('s2')).toMatchObject({
    state: 'FAILED',
    reason: expect.stringContaining('nothing'),
    resultFile: null,
  });
  expect(await node.ended('s3')).toMatchObject({ state: 'COMPLETED' });
  expect(await readFile(join(node.stateDir, 'sessions/s1/result.jsonl'), 'utf8')).toBe('{"text":"Grüße"}\n');
  // Repeated commands start it once: a session that has ended here is not started again.
  const asked = orchestrator.to('commands').length;
  await eventually(() => expect(orchestrator.to('commands').length).toBeGreaterThan(asked + 1));
  expect(
    node.reports
      .flatMap(({ ended }) => ended)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['s1', 's2', 's3']);
  expect(orchestrator.to('commands').every(({ query }) => query === 'wait=25s')).toBe(true);
  node.tell({});
  // What the cluster has heard is forgotten, except results.
  await eventually(async () => expect(await readdir(join(node.stateDir, 'sessions'))).toEqual(['s1', 's3']));
  expect(await readdir(join(node.stateDir, 'sessions/s1'))).toEqual(['result.jsonl']);
});

test('an endless session is terminated by command, and its load is part of the heartbeat', async () => {
  node = await SessionNode.start(orchestrator);
  node.tell({ open: [order('s1', ENDLESS, { cpu: 0.5 })] });
  const pid = await running('s1');
  await eventually(() => {
    expect(orchestrator.to('heartbeat').at(-1)?.body).toHaveProperty('resources.sessions', {
      running: 1,
      cpu: { reserved: 0.5, used: expect.any(Number) },
      memory: { reservedBytes: 128 * 1_024 ** 2 + SESSION_PROCESS_MEMORY, usedBytes: expect.any(Number) },
    });
  });
  node.tell({});
  const asked = performance.now();
  node.tell({
    terminate: [
      { id: 's1', by: 'ada', reason: 'stale' },
      { id: 's9', by: 'ada', reason: '' },
    ],
  });
  expect(await node.ended('s1')).toMatchObject({ state: 'TERMINATED', reason: 'stale', startedAt: expect.any(String) });
  process.stderr.write(`from the command to the report of the end: ${Math.round(performance.now() - asked)} ms\n`);
  expect(isRunning(pid)).toBe(false);
  // One that this node never started is over as well.
  expect(await node.ended('s9')).toMatchObject({
    state: 'TERMINATED',
    reason: 'it was ended before this node began it',
    startedAt: null,
  });
});

describe('a rejected report is sent again', () => {
  test('with its ended sessions, eight at a time, also by the next agent after a kill', async () => {
    node = await SessionNode.start(orchestrator);
    node.answer((path) =>
      path === '/v1/agent/sessions'
        ? { status: 503, body: { code: 'UNAVAILABLE', detail: 'Temporal does not answer' } }
        : undefined,
    );
    node.tell({ open: Array.from({ length: 10 }, (_, index) => order(`s${index}`, `SELECT ${index}`)) });
    await eventually(() => expect(node.reports.at(-1)?.ended.length).toBe(8));
    for (let index = 0; index < 10; index++) await kept(`s${index}`);
    node.agent?.child.kill('SIGKILL');
    await node.agent?.exited;
    const before = node.reports.length;
    node.tell({});
    node.answer(() => undefined);
    await node.startAgent();
    await eventually(() =>
      expect(new Set(node.reports.slice(before).flatMap(({ ended }) => ended.map(({ id }) => id))).size).toBe(10),
    );
    expect(node.reports.slice(before).every(({ ended }) => ended.length <= 8)).toBe(true);
    expect(
      node.reports
        .slice(before)
        .flatMap(({ ended }) => ended)
        .every(({ state }) => state === 'COMPLETED'),
    ).toBe(true);
  });
});

describe('the sessions of an agent end with it', () => {
  test('when it is killed: no process outlives it, and the next agent reports them', async () => {
    node = await SessionNode.start(orchestrator);
    node.tell({ open: [order('s1', ENDLESS)] });
    const pid = await running('s1');
    node.tell({});
    node.agent?.child.kill('SIGKILL');
    await node.agent?.exited;
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await node.startAgent();
    expect(await node.ended('s1')).toMatchObject({
      state: 'FAILED',
      reason: 'the agent stopped while it ran',
      rows: null,
    });
    await eventually(async () => expect(await readdir(join(node.stateDir, 'sessions'))).toEqual([]));
  });

  test('when it is stopped: they are terminated and reported before the goodbye', async () => {
    node = await SessionNode.start(orchestrator);
    node.tell({ open: [order('s1', ENDLESS)] });
    const pid = await running('s1');
    node.agent?.child.kill('SIGTERM');
    expect(await node.agent?.exited).toBe(0);
    expect(isRunning(pid)).toBe(false);
    expect(await node.ended('s1')).toMatchObject({ state: 'TERMINATED', reason: 'the agent was stopped' });
    expect(orchestrator.calls.at(-1)?.path).toBe('/v1/agent/goodbye');
  });

  test('when it is rejected, at once; and expired results are removed', async () => {
    node = await SessionNode.start(orchestrator, { 'Compute.Sessions.ResultRetention': '1m' });
    node.tell({ open: [order('old', 'SELECT 1')] });
    await node.ended('old');
    node.tell({ open: [order('s1', ENDLESS)] });
    const pid = await running('s1');
    const rejection = { status: 403, body: { code: 'NODE_REJECTED_BY_ADMINISTRATOR', detail: 'Unauthorized node' } };
    node.answer((path) => (/commands|sessions|heartbeat/.test(path) ? rejection : undefined));
    await eventually(() => expect(isRunning(pid)).toBe(false));
    await kept('s1');
    const result = join(node.stateDir, 'sessions/old/result.jsonl');
    await access(result);
    await utimes(result, new Date(0), new Date(0));
    node.agent?.child.kill('SIGKILL');
    await node.agent?.exited;
    node.tell({});
    node.answer(() => undefined);
    await node.startAgent();
    expect(await node.ended('s1')).toMatchObject({
      state: 'TERMINATED',
      reason: expect.stringContaining('Unauthorized node'),
    });
    await eventually(async () => expect(await readdir(join(node.stateDir, 'sessions'))).toEqual([]));
  });
});

test('a node without an engine says so', async () => {
  node = await SessionNode.start(orchestrator, { 'Compute.Sessions.Engine': 'none' });
  node.tell({ open: [order('s1', 'SELECT 1')] });
  expect(await node.ended('s1')).toMatchObject({
    state: 'FAILED',
    reason: 'this node runs no sessions: Compute.Sessions.Engine is none',
  });
});
