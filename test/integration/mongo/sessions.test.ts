import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decide } from '../../../contract/decision.js';
import type { SessionChange } from '../../../contract/lifecycle.js';
import type { SessionsReport } from '../../../contract/schemas/sessions.js';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { SESSION_REPORTS, type SessionReportDocument } from '../../../src/mongo/schemas/session-report.schema.js';
import { SESSIONS, type SessionDocument } from '../../../src/mongo/schemas/session.schema.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { Assignments, type Assignment } from '../../../src/sessions/placement/assignments.js';
import { CandidateStore } from '../../../src/sessions/placement/candidate.js';
import type { SessionRecord } from '../../../src/sessions/session-record.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { change, event, newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { NOON } from '../../support/manual-clock.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
let nodes: NodeStore;
let sessions: SessionStore;
let node: NodeRecord;
beforeAll(async () => {
  nodes = stores.get(NodeStore);
  sessions = stores.get(SessionStore);
});
beforeEach(async () => {
  await stores.clear();
  node = await nodes.create(newNode('node-1'), []);
});

function placing(id: string = randomUUID(), changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    ...{
      key: id,
      id,
      kind: 'managed',
      principal: 'ana',
      statement: 'select 1',
      sql: 'select 1',
      state: 'PLACING',
      reason: '',
      node: null,
    },
    ...{
      resources: DEFAULT_SESSION_RESOURCES,
      labels: { 'disk.type': 'ssd' },
      openedBy: 'admin',
      openedAt: NOON,
      startedAt: null,
      endedAt: null,
      termination: null,
    },
    ...{ rows: null, resultFile: null, preview: null },
    ...changes,
  };
}

const assign = (session: SessionRecord, to = node) => new Assignments(sessions).assign(session.key, to);

async function assigned(id?: string): Promise<SessionRecord> {
  const session = await sessions.create(placing(id));
  expect(await assign(session)).toBe('assigned');
  return session;
}

const state = async (key: string) => (await sessions.findByKey(key))?.state;
const live = (id: string) => ({
  id,
  kind: 'managed' as const,
  principal: 'ana',
  statement: 'select 1',
  state: 'RUNNING' as const,
  startedAt: new Date(NOON).toISOString(),
});
const over = (id: string, changes: object = {}) => ({
  ...{
    id,
    kind: 'managed' as const,
    state: 'COMPLETED' as const,
    reason: '',
    startedAt: new Date(NOON).toISOString(),
    endedAt: new Date(NOON).toISOString(),
  },
  ...{ rows: 1, resultFile: null, preview: null },
  ...changes,
});
let seq = 0;
const report = async (changes: Partial<SessionsReport>, at = NOON + 1_000) => {
  const taken = await sessions.takeReport(
    node,
    { bootId: 'boot-1', seq: (seq += 1), live: [], ended: [], ...changes },
    at,
  );
  if (taken === 'removed') throw new Error('the node was removed');
  return taken;
};
const apply = (id: string, to: SessionChange['state'], at = NOON + 500) =>
  sessions.applyChanges(node.uid, [{ id, state: to, at, by: 'system', reason: `it is ${to}` }]);

describe('a session that is placed', () => {
  test('exists once however often it is created, and is looked for anew where no node took it', async () => {
    const session = await sessions.create(placing());
    expect(await sessions.create({ ...session, principal: 'mallory' })).toMatchObject({ principal: 'ana' });
    await sessions.fail(session.key, 'no room', NOON);
    expect(await sessions.findByKey(session.key)).toMatchObject({ state: 'FAILED', reason: 'no room', endedAt: NOON });
    expect(await sessions.create(session)).toMatchObject({ state: 'PLACING' });
    expect(await sessions.findByKey(session.key)).toEqual(session);
    await assign(session);
    expect(await sessions.create(session)).toMatchObject({ state: 'ASSIGNED' });
  });

  test.each(['deactivate', 'reject', 'remove'] as const)(
    'is not assigned to a node that somebody chose to %s',
    async (action) => {
      await nodes.commitDecision(change(node, action));
      const session = await sessions.create(placing());
      expect(await assign(session)).toBe('out of service');
      expect(await state(session.key)).toBe('PLACING');
    },
  );

  test('is not assigned to a node with a copied identity, nor when it was given up meanwhile', async () => {
    const session = await sessions.create(placing());
    await nodes.flagCopied(node.uid, 1, { since: NOON, bootIds: ['a', 'b'] }, event(node.uid));
    expect(await assign(session)).toBe('out of service');
    await sessions.fail(session.key, 'given up', NOON);
    expect(await assign(session, await nodes.create(newNode('node-2'), []))).toBe('withdrawn');
  });

  test('in a race with a deactivation: whatever was assigned was so before the commit', async () => {
    const placed = await Promise.all(Array.from({ length: 30 }, () => sessions.create(placing())));
    const first = placed[0] as SessionRecord;
    const assignments = new Assignments(sessions);
    expect(await assignments.assign(first.key, node)).toBe('assigned');
    // Some together, and some one after the other.
    const assigning: Promise<Assignment>[] = [];
    for (const [index, { key }] of placed.slice(1).entries()) {
      const earlier = Promise.resolve(assigning[index - 4]);
      assigning.push(earlier.then(() => assignments.assign(key, node)));
    }
    const decision = decide(node.decision, 'deactivate', { at: NOON, by: 'alice', reason: '' });
    const deciding = nodes.commitDecision({ uid: node.uid, expectedSeq: 1, decision, event: event(node.uid) });
    expect(await deciding).not.toBe('conflict');
    const then = (await sessions.commandsFor(node.uid)).commands.open.length;
    const outcomes = await Promise.all(assigning);
    expect((await sessions.commandsFor(node.uid)).commands.open).toHaveLength(then);
    expect(1 + outcomes.filter((outcome) => outcome === 'assigned').length).toBe(then);
  });

  test('by an api that died is failed, and no other', async () => {
    const [old, young] = [
      await sessions.create(placing()),
      await sessions.create(placing(undefined, { openedAt: NOON + 60_000 })),
    ];
    const taken = await assigned();
    expect(await sessions.placing(10)).toEqual([old.key, young.key]);
    expect(await sessions.failAbandoned([old.key, taken.key], NOON + 60_000)).toBe(1);
    expect([await state(old.key), await state(young.key), await state(taken.key)]).toEqual([
      'FAILED',
      'PLACING',
      'ASSIGNED',
    ]);
  });
});

describe('commands', () => {
  test('are told until the node reports: begin, end, and say which of the lost it has', async () => {
    const session = await assigned();
    expect((await sessions.commandsFor(node.uid)).commands).toMatchObject({
      open: [{ id: session.id, sql: 'select 1' }],
      terminate: [],
      report: false,
    });
    expect(await sessions.nodesWithCommands()).toEqual([node.uid]);
    await report({ live: [live(session.id)] });
    expect(await sessions.nodesWithCommands()).toEqual([]);
    await sessions.requestTermination(session.key, { at: NOON, by: 'alice', reason: 'too long' });
    await sessions.requestTermination(session.key, { at: NOON + 1, by: 'bob', reason: 'again' });
    expect((await sessions.commandsFor(node.uid)).commands).toMatchObject({
      open: [],
      terminate: [{ id: session.id, by: 'alice', reason: 'too long' }],
    });
    await apply(session.id, 'LOST', NOON + 60_000);
    expect((await sessions.commandsFor(node.uid)).commands).toEqual({ open: [], terminate: [], report: true });
    await report({ live: [live(session.id)] }, NOON + 61_000);
    // Who wanted it ended still does.
    expect((await sessions.commandsFor(node.uid)).commands).toMatchObject({
      terminate: [{ id: session.id, by: 'alice' }],
      report: false,
    });
    await report({}, NOON + 62_000);
    expect(await sessions.findByKey(session.key)).toMatchObject({
      state: 'TERMINATED',
      reason: 'too long',
      endedAt: NOON + 62_000,
    });
    expect(await sessions.nodesWithCommands()).toEqual([]);
  });
});

describe('what a workflow did to a session', () => {
  test("changes what has not ended, and only on the workflow's own node", async () => {
    const session = await assigned();
    await sessions.applyChanges(randomUUID(), [{ id: session.id, state: 'LOST', at: NOON, by: 'system', reason: '' }]);
    expect(await state(session.key)).toBe('ASSIGNED');
    await apply(session.id, 'TERMINATED');
    expect(await state(session.key)).toBe('TERMINATED');
    await apply(session.id, 'LOST');
    await apply(session.id, 'TERMINATING');
    expect(await state(session.key)).toBe('TERMINATED');
  });

  test('comes too late where the node has spoken since: neither failed for want of a confirmation, nor lost', async () => {
    const session = await assigned();
    await report({ live: [live(session.id)] }, NOON + 1_000);
    await apply(session.id, 'FAILED');
    await apply(session.id, 'LOST', NOON + 500);
    expect(await state(session.key)).toBe('RUNNING');
    await apply(session.id, 'LOST', NOON + 2_000);
    expect(await state(session.key)).toBe('LOST');
  });

  test('is written with its projection; the removal of the node loses what is left', async () => {
    const [one, two] = [await assigned(), await assigned()];
    const projections = stores.get(MongoNodeProjectionStore);
    await projections.project({
      view: view(node, 1),
      sessionChanges: [{ id: one.id, state: 'FAILED', at: NOON, by: 'system', reason: 'not confirmed' }],
      events: [],
    });
    expect(await sessions.findByKey(one.key)).toMatchObject({ state: 'FAILED', reason: 'not confirmed' });
    expect((await sessions.recordOf(node.uid)).sessions.map(({ id }) => id)).toEqual([two.id]);
    expect(
      await projections.remove({ projection: { view: view(node, 2), sessionChanges: [], events: [] }, seq: 1 }),
    ).toBe('removed');
    expect(await sessions.findByKey(two.key)).toMatchObject({ state: 'LOST', reason: 'its node was removed' });
  });
});

describe('a report', () => {
  test('of earlier than the last is refused, of an earlier boot too; the last one again is taken again', async () => {
    expect(await report({ seq: 5 })).not.toBeNull();
    expect(await report({ seq: 5 })).not.toBeNull();
    expect(await report({ seq: 4 })).toBeNull();
    const heartbeats = stores.get(HeartbeatStore);
    await heartbeats.record([{ uid: node.uid, lastSeen: NOON, bootId: 'boot-1', seq: 1, resources: RESOURCES }]);
    await heartbeats.record([{ uid: node.uid, lastSeen: NOON + 1, bootId: 'boot-2', seq: 1, resources: RESOURCES }]);
    expect(await report({ bootId: 'boot-2', seq: 1 })).not.toBeNull();
    expect(await report({ bootId: 'boot-1', seq: 6 })).toBeNull();
  });

  test('is dated later than the one before, whatever the clocks of the replicas say', async () => {
    expect((await report({}, NOON + 9_000))?.at).toBe(NOON + 9_000);
    expect((await report({}, NOON))?.at).toBe(NOON + 9_001);
    expect((await sessions.recordOf(node.uid)).reportedAt).toBe(NOON + 9_001);
  });

  test('leaves alone what the node may not have heard of, and what it may yet speak of', async () => {
    const unheard = await assigned();
    const many = await Promise.all(Array.from({ length: 9 }, () => assigned()));
    await report({ live: many.map(({ id }) => live(id)) });
    const [last, ...first] = many as [SessionRecord, ...SessionRecord[]];
    // Eight endings are as many as a report may hold: the ninth comes with the next.
    await report({ ended: first.map(({ id }) => over(id)) });
    expect([await state(unheard.key), await state(last.key), await state((first[0] as SessionRecord).key)]).toEqual([
      'ASSIGNED',
      'RUNNING',
      'COMPLETED',
    ]);
    expect((await sessions.commandsFor(node.uid)).commands.report).toBe(true);
    await report({ ended: [over(last.id, { state: 'FAILED', reason: 'out of memory' })] });
    expect(await sessions.findByKey(last.key)).toMatchObject({ state: 'FAILED', reason: 'out of memory' });
    expect((await sessions.commandsFor(node.uid)).commands.report).toBe(false);
  });

  test('by a node whose clock is wrong ends nothing in the future, and keeps the record as long as others', async () => {
    const [ahead, behind] = [await assigned(), await assigned()];
    await report({
      ended: [
        over(ahead.id, { endedAt: '2099-01-01T00:00:00.000Z' }),
        over(behind.id, { endedAt: '1970-01-01T00:00:00.000Z' }),
      ],
    });
    expect((await sessions.findByKey(ahead.key))?.endedAt).toBe(NOON + 1_000);
    const documents = await stores.connection.model<SessionDocument>(SESSIONS).find().lean<SessionDocument[]>();
    for (const { expiresAt } of documents) expect(expiresAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  test('of which twenty come at once: what the latest says counts', async () => {
    const reports = Array.from({ length: 20 }, (_, index) =>
      report({ seq: 1_000 + index, live: [live(`s-${index}`)] }),
    );
    await Promise.all(reports);
    expect((await sessions.recordOf(node.uid)).sessions.map(({ id }) => id)).toEqual(['s-19']);
  });
});

test('records of sessions that ended go by themselves, and those of others stay', async () => {
  const indexes = await stores.connection.model<SessionDocument>(SESSIONS).collection.indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  const session = await assigned();
  const document = () =>
    stores.connection.model<SessionDocument>(SESSIONS).findById(session.key).lean<SessionDocument>();
  expect((await document())?.expiresAt).toBeUndefined();
  await apply(session.id, 'LOST');
  expect((await document())?.expiresAt).toBeInstanceOf(Date);
  await report({ live: [live(session.id)] });
  expect((await document())?.expiresAt).toBeUndefined();
});

test('candidates are the compute nodes that live, with what they have and what is reserved', async () => {
  await nodes.create(newNode('api', { type: 'Requester' }), []);
  const gone = await nodes.create(newNode('gone'), []);
  await nodes.commitDecision(change(gone, 'remove'));
  await stores
    .get(HeartbeatStore)
    .record([{ uid: node.uid, lastSeen: NOON, bootId: 'b', seq: 1, resources: RESOURCES }]);
  await stores.get(MongoNodeProjectionStore).project({
    view: view(node, 1, { activeSessions: 1, reserved: DEFAULT_SESSION_RESOURCES }),
    sessionChanges: [],
    events: [],
  });
  const candidates = stores.get(CandidateStore);
  expect(await candidates.read({ now: NOON, missed: 2, intervalMs: 15_000 })).toEqual([
    {
      ...{
        uid: node.uid,
        name: 'node-1',
        labels: {},
        approval: 'APPROVED',
        availability: 'ACTIVE',
        liveness: 'HEALTHY',
        warning: false,
        copied: false,
        revoked: false,
      },
      ...{
        capacity: { cpu: 4, memory: 8e9, disk: 8_000, gpu: 0 },
        reserved: DEFAULT_SESSION_RESOURCES,
        activeSessions: 1,
        runsSessions: true,
      },
    },
  ]);
  expect(await candidates.read({ now: NOON + 37_500, missed: 2, intervalMs: 15_000 })).toMatchObject([
    { warning: true },
  ]);
});

describe('a report of a node that is removed', () => {
  test('is not taken, however the two cross each other, and is forgotten after a day', async () => {
    await report({ live: [live('s-1')] });
    const decision = decide(node.decision, 'remove', { at: NOON, by: 'alice', reason: '' });
    const removing = nodes.commitDecision({
      uid: node.uid,
      expectedSeq: node.decision.seq,
      decision,
      event: event(node.uid),
    });
    const reporting = Array.from({ length: 4 }, (_, index) =>
      report({ seq: 1_000 + index, live: [live('s-1'), live(`s-${index + 2}`)] }).catch(() => null),
    );
    expect(await removing).not.toBe('conflict');
    await Promise.all(reporting);
    await expect(report({ seq: 2_000, live: [live('s-late')] })).rejects.toThrow('removed');
    expect((await sessions.recordOf(node.uid)).sessions).toEqual([]);
    const left = await stores.connection
      .model<SessionReportDocument>(SESSION_REPORTS)
      .findById(node.uid)
      .lean<SessionReportDocument>();
    expect(left?.expiresAt?.getTime()).toBe(NOON + 86_400_000);
  });

  test('is not taken though it would be the first', async () => {
    const decision = decide(node.decision, 'remove', { at: NOON, by: 'alice', reason: '' });
    await nodes.commitDecision({ uid: node.uid, expectedSeq: node.decision.seq, decision, event: event(node.uid) });
    await expect(report({ live: [live('s-1')] })).rejects.toThrow('removed');
  });

  test('of before removals ended them is ended, and a living node’s is not', async () => {
    const reports = stores.connection.model<SessionReportDocument>(SESSION_REPORTS);
    await report({ live: [live('s-1')] });
    await reports.create({ _id: 'removed-long-ago', bootId: 'b', seq: 1, at: NOON });
    await stores.get(ReconciliationStore).endReportsOfRemoved();
    expect((await reports.findById('removed-long-ago').lean<SessionReportDocument>())?.expiresAt).toBeInstanceOf(Date);
    expect((await reports.findById(node.uid).lean<SessionReportDocument>())?.expiresAt).toBeUndefined();
  });
});
