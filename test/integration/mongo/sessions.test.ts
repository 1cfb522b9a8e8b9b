import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../contract/decision.js';
import { DEFAULT_SESSION_RESOURCES } from '../../../contract/sessions.js';
import { Reach } from '../../../src/auth/reach.js';
import { MongoNodeProjectionStore } from '../../../src/mongo/mongo-node-projection-store.js';
import { SESSIONS, type SessionDocument } from '../../../src/mongo/schemas/session.schema.js';
import { Assignments, type Assignment } from '../../../src/sessions/placement/assignments.js';
import { CandidateStore } from '../../../src/sessions/placement/candidate.js';
import type { SessionRecord } from '../../../src/sessions/session-record.js';
import { change, event, newNode, RESOURCES, view } from '../../support/mongo/node-fixtures.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { NOON } from '../../support/manual-clock.js';
import { live, placing, NodeWithSessions } from '../../support/mongo/node-with-sessions.js';

const on = new NodeWithSessions();

describe('a session that is placed', () => {
  test('exists once however often it is created, and is placed again if no node took it', async () => {
    const session = await on.sessions.create(placing());
    expect(await on.sessions.create({ ...session, principal: 'mallory' })).toMatchObject({ principal: 'ana' });
    await on.sessions.fail(session.key, 'no room', NOON);
    expect(await on.sessions.findByKey(session.key)).toMatchObject({
      state: 'FAILED',
      reason: 'no room',
      endedAt: NOON,
    });
    expect(await on.sessions.create(session)).toMatchObject({ state: 'PLACING' });
    expect(await on.sessions.findByKey(session.key)).toEqual(session);
    await on.assign(session);
    expect(await on.sessions.create(session)).toMatchObject({ state: 'ASSIGNED' });
  });

  test.each(['deactivate', 'reject', 'remove'] as const)(
    'is not assigned to a node that was decided to %s',
    async (action) => {
      await on.nodes.commitDecision(change(on.node, action));
      const session = await on.sessions.create(placing());
      expect(await on.assign(session)).toBe('out of service');
      expect(await on.state(session.key)).toBe('PLACING');
    },
  );

  test('is not assigned to a node with a copied identity, nor after it was given up', async () => {
    const session = await on.sessions.create(placing());
    await on.nodes.flagCopied(on.node.uid, 1, { since: NOON, bootIds: ['a', 'b'] }, event(on.node.uid));
    expect(await on.assign(session)).toBe('out of service');
    await on.sessions.fail(session.key, 'given up', NOON);
    expect(await on.assign(session, await on.nodes.create(newNode('node-2'), []))).toBe('withdrawn');
  });

  test("is not assigned to a node whose present labels are outside its caller's scope", async () => {
    const reach = new Reach('ana', 'operator', [['pool=gpu']]);
    const [session, another] = [await on.sessions.create(placing()), await on.sessions.create(placing())];
    const assignments = new Assignments(on.sessions);
    await on.nodes.edit(on.node.uid, { labels: { pool: 'cpu' } }, event(on.node.uid));
    const both = [assignments.assign(session.key, on.node, reach), assignments.assign(another.key, on.node)];
    expect(await Promise.all(both)).toEqual(['out of reach', 'assigned']);
    expect(await on.state(session.key)).toBe('PLACING');
    await on.nodes.edit(on.node.uid, { labels: { pool: 'gpu' } }, event(on.node.uid));
    expect(await assignments.assign(session.key, on.node, reach)).toBe('assigned');
  });

  test('in a race with a deactivation is assigned before the commit or not at all', async () => {
    const placed = await Promise.all(Array.from({ length: 30 }, () => on.sessions.create(placing())));
    const first = placed[0] as SessionRecord;
    const assignments = new Assignments(on.sessions);
    expect(await assignments.assign(first.key, on.node)).toBe('assigned');
    // Some concurrently, and some one after the other.
    const assigning: Promise<Assignment>[] = [];
    for (const [index, { key }] of placed.slice(1).entries()) {
      const earlier = Promise.resolve(assigning[index - 4]);
      assigning.push(earlier.then(() => assignments.assign(key, on.node)));
    }
    const decision = decide(on.node.decision, 'deactivate', { at: NOON, by: 'alice', reason: '' });
    const deciding = on.nodes.commitDecision({ uid: on.node.uid, expectedSeq: 1, decision, event: event(on.node.uid) });
    expect(await deciding).not.toBe('conflict');
    const then = (await on.sessions.commandsFor(on.node.uid)).commands.open.length;
    const outcomes = await Promise.all(assigning);
    expect((await on.sessions.commandsFor(on.node.uid)).commands.open).toHaveLength(then);
    expect(1 + outcomes.filter((outcome) => outcome === 'assigned').length).toBe(then);
  });

  test('is failed if its api died, and no other', async () => {
    const [old, young] = [
      await on.sessions.create(placing()),
      await on.sessions.create(placing(undefined, { openedAt: NOON + 60_000 })),
    ];
    const taken = await on.assigned();
    expect(await on.sessions.placing(10)).toEqual([old.key, young.key]);
    expect(await on.sessions.failAbandoned([old.key, taken.key], NOON + 60_000)).toBe(1);
    expect([await on.state(old.key), await on.state(young.key), await on.state(taken.key)]).toEqual([
      'FAILED',
      'PLACING',
      'ASSIGNED',
    ]);
  });
});

describe("a workflow's change of a session", () => {
  test("applies to sessions that have not ended, on the workflow's own node", async () => {
    const session = await on.assigned();
    await on.sessions.applyChanges(randomUUID(), [
      { id: session.id, state: 'LOST', at: NOON, by: 'system', reason: '' },
    ]);
    expect(await on.state(session.key)).toBe('ASSIGNED');
    await on.apply(session.id, 'TERMINATED');
    expect(await on.state(session.key)).toBe('TERMINATED');
    await on.apply(session.id, 'LOST');
    await on.apply(session.id, 'TERMINATING');
    expect(await on.state(session.key)).toBe('TERMINATED');
  });

  test('is ignored after a later report of the node: neither failed as unconfirmed, nor lost', async () => {
    const session = await on.assigned();
    await on.report({ live: [live(session.id)] }, NOON + 1_000);
    await on.apply(session.id, 'FAILED');
    await on.apply(session.id, 'LOST', NOON + 500);
    expect(await on.state(session.key)).toBe('RUNNING');
    await on.apply(session.id, 'LOST', NOON + 2_000);
    expect(await on.state(session.key)).toBe('LOST');
  });

  test('is written with its projection; the removal of the node loses the remaining sessions', async () => {
    const [one, two] = [await on.assigned(), await on.assigned()];
    const projections = on.stores.get(MongoNodeProjectionStore);
    await projections.project({
      view: view(on.node, 1),
      sessionChanges: [{ id: one.id, state: 'FAILED', at: NOON, by: 'system', reason: 'not confirmed' }],
      events: [],
    });
    expect(await on.sessions.findByKey(one.key)).toMatchObject({ state: 'FAILED', reason: 'not confirmed' });
    expect((await on.sessions.recordOf(on.node.uid)).sessions.map(({ id }) => id)).toEqual([two.id]);
    expect(
      await projections.remove({ projection: { view: view(on.node, 2), sessionChanges: [], events: [] }, seq: 1 }),
    ).toBe('removed');
    expect(await on.sessions.findByKey(two.key)).toMatchObject({ state: 'LOST', reason: 'its node was removed' });
  });
});

test('records of ended sessions expire, and those of others stay', async () => {
  const indexes = await on.stores.connection.model<SessionDocument>(SESSIONS).collection.indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  const session = await on.assigned();
  const document = () =>
    on.stores.connection.model<SessionDocument>(SESSIONS).findById(session.key).lean<SessionDocument>();
  expect((await document())?.expiresAt).toBeUndefined();
  await on.apply(session.id, 'LOST');
  expect((await document())?.expiresAt).toBeInstanceOf(Date);
  await on.report({ live: [live(session.id)] });
  expect((await document())?.expiresAt).toBeUndefined();
});

test('candidates are living compute nodes, with their capacity and reservations', async () => {
  await on.nodes.create(newNode('api', { type: 'Requester' }), []);
  const gone = await on.nodes.create(newNode('gone'), []);
  await on.nodes.commitDecision(change(gone, 'remove'));
  await on.stores
    .get(HeartbeatStore)
    .record([{ uid: on.node.uid, lastSeen: NOON, bootId: 'b', seq: 1, resources: RESOURCES }]);
  await on.stores.get(MongoNodeProjectionStore).project({
    view: view(on.node, 1, { activeSessions: 1, reserved: DEFAULT_SESSION_RESOURCES }),
    sessionChanges: [],
    events: [],
  });
  const candidates = on.stores.get(CandidateStore);
  expect(await candidates.read({ now: NOON, missed: 2, intervalMs: 15_000 })).toEqual([
    {
      ...{
        uid: on.node.uid,
        name: 'node-1',
        labels: {},
        approval: 'APPROVED',
        availability: 'ACTIVE',
        liveness: 'HEALTHY',
        warning: false,
        copied: false,
        quarantined: false,
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
