import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../contract/decision.js';
import { SESSION_REPORTS, type SessionReportDocument } from '../../../src/mongo/schemas/session-report.schema.js';
import { SESSIONS, type SessionDocument } from '../../../src/mongo/schemas/session.schema.js';
import type { SessionRecord } from '../../../src/sessions/session-record.js';
import { ReconciliationStore } from '../../../src/reconciliation/reconciliation-store.js';
import { event, RESOURCES } from '../../support/mongo/node-fixtures.js';
import { HeartbeatStore } from '../../../src/heartbeats/heartbeat-store.js';
import { NOON } from '../../support/manual-clock.js';
import { live, over, NodeWithSessions } from '../../support/mongo/node-with-sessions.js';

const on = new NodeWithSessions();

describe('commands', () => {
  test('are repeated until the node reports: begin, end, and report lost sessions', async () => {
    const session = await on.assigned();
    expect((await on.sessions.commandsFor(on.node.uid)).commands).toMatchObject({
      open: [{ id: session.id, sql: 'select 1' }],
      terminate: [],
      report: false,
    });
    expect(await on.sessions.nodesWithCommands()).toEqual([on.node.uid]);
    await on.report({ live: [live(session.id)] });
    expect(await on.sessions.nodesWithCommands()).toEqual([]);
    await on.sessions.requestTermination(session.key, { at: NOON, by: 'alice', reason: 'too long' });
    await on.sessions.requestTermination(session.key, { at: NOON + 1, by: 'bob', reason: 'again' });
    expect((await on.sessions.commandsFor(on.node.uid)).commands).toMatchObject({
      open: [],
      terminate: [{ id: session.id, by: 'alice', reason: 'too long' }],
    });
    await on.apply(session.id, 'LOST', NOON + 60_000);
    expect((await on.sessions.commandsFor(on.node.uid)).commands).toEqual({ open: [], terminate: [], report: true });
    await on.report({ live: [live(session.id)] }, NOON + 61_000);
    // The person who wanted it ended still does.
    expect((await on.sessions.commandsFor(on.node.uid)).commands).toMatchObject({
      terminate: [{ id: session.id, by: 'alice' }],
      report: false,
    });
    await on.report({}, NOON + 62_000);
    expect(await on.sessions.findByKey(session.key)).toMatchObject({
      state: 'TERMINATED',
      reason: 'too long',
      endedAt: NOON + 62_000,
    });
    expect(await on.sessions.nodesWithCommands()).toEqual([]);
  });
});

describe('a report', () => {
  test('older than the last is refused, also of an earlier boot; the last one again is accepted again', async () => {
    expect(await on.report({ seq: 5 })).not.toBeNull();
    expect(await on.report({ seq: 5 })).not.toBeNull();
    expect(await on.report({ seq: 4 })).toBeNull();
    const heartbeats = on.stores.get(HeartbeatStore);
    await heartbeats.record([{ uid: on.node.uid, lastSeen: NOON, bootId: 'boot-1', seq: 1, resources: RESOURCES }]);
    await heartbeats.record([{ uid: on.node.uid, lastSeen: NOON + 1, bootId: 'boot-2', seq: 1, resources: RESOURCES }]);
    expect(await on.report({ bootId: 'boot-2', seq: 1 })).not.toBeNull();
    expect(await on.report({ bootId: 'boot-1', seq: 6 })).toBeNull();
  });

  test("gets a later time than the one before, whatever the replicas' clocks say", async () => {
    expect((await on.report({}, NOON + 9_000))?.at).toBe(NOON + 9_000);
    expect((await on.report({}, NOON))?.at).toBe(NOON + 9_001);
    expect((await on.sessions.recordOf(on.node.uid)).reportedAt).toBe(NOON + 9_001);
  });

  test('leaves sessions alone that the node may not know of, or may still report', async () => {
    const unheard = await on.assigned();
    const many = await Promise.all(Array.from({ length: 9 }, () => on.assigned()));
    await on.report({ live: many.map(({ id }) => live(id)) });
    const [last, ...first] = many as [SessionRecord, ...SessionRecord[]];
    // Eight endings are the maximum of a report: the ninth comes with the next.
    await on.report({ ended: first.map(({ id }) => over(id)) });
    expect([
      await on.state(unheard.key),
      await on.state(last.key),
      await on.state((first[0] as SessionRecord).key),
    ]).toEqual(['ASSIGNED', 'RUNNING', 'COMPLETED']);
    expect((await on.sessions.commandsFor(on.node.uid)).commands.report).toBe(true);
    await on.report({ ended: [over(last.id, { state: 'FAILED', reason: 'out of memory' })] });
    expect(await on.sessions.findByKey(last.key)).toMatchObject({ state: 'FAILED', reason: 'out of memory' });
    expect((await on.sessions.commandsFor(on.node.uid)).commands.report).toBe(false);
  });

  test('of a node with a wrong clock ends nothing in the future, and is kept as long as others', async () => {
    const [ahead, behind] = [await on.assigned(), await on.assigned()];
    await on.report({
      ended: [
        over(ahead.id, { endedAt: '2099-01-01T00:00:00.000Z' }),
        over(behind.id, { endedAt: '1970-01-01T00:00:00.000Z' }),
      ],
    });
    expect((await on.sessions.findByKey(ahead.key))?.endedAt).toBe(NOON + 1_000);
    const documents = await on.stores.connection.model<SessionDocument>(SESSIONS).find().lean<SessionDocument[]>();
    for (const { expiresAt } of documents) expect(expiresAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  test('among twenty at once: the latest one counts', async () => {
    const reports = Array.from({ length: 20 }, (_, index) =>
      on.report({ seq: 1_000 + index, live: [live(`s-${index}`)] }),
    );
    await Promise.all(reports);
    expect((await on.sessions.recordOf(on.node.uid)).sessions.map(({ id }) => id)).toEqual(['s-19']);
  });
});

describe('a report of a removed node', () => {
  test('is refused in any race, and is deleted after a day', async () => {
    await on.report({ live: [live('s-1')] });
    const decision = decide(on.node.decision, 'remove', { at: NOON, by: 'alice', reason: '' });
    const removing = on.nodes.commitDecision({
      uid: on.node.uid,
      expectedSeq: on.node.decision.seq,
      decision,
      event: event(on.node.uid),
    });
    const reporting = Array.from({ length: 4 }, (_, index) =>
      on.report({ seq: 1_000 + index, live: [live('s-1'), live(`s-${index + 2}`)] }).catch(() => null),
    );
    expect(await removing).not.toBe('conflict');
    await Promise.all(reporting);
    await expect(on.report({ seq: 2_000, live: [live('s-late')] })).rejects.toThrow('removed');
    expect((await on.sessions.recordOf(on.node.uid)).sessions).toEqual([]);
    const left = await on.stores.connection
      .model<SessionReportDocument>(SESSION_REPORTS)
      .findById(on.node.uid)
      .lean<SessionReportDocument>();
    expect(left?.expiresAt?.getTime()).toBe(NOON + 86_400_000);
  });

  test('is refused even if it would be the first', async () => {
    const decision = decide(on.node.decision, 'remove', { at: NOON, by: 'alice', reason: '' });
    await on.nodes.commitDecision({
      uid: on.node.uid,
      expectedSeq: on.node.decision.seq,
      decision,
      event: event(on.node.uid),
    });
    await expect(on.report({ live: [live('s-1')] })).rejects.toThrow('removed');
  });

  test('from before removals ended reports is deleted, and a living node’s is not', async () => {
    const reports = on.stores.connection.model<SessionReportDocument>(SESSION_REPORTS);
    await on.report({ live: [live('s-1')] });
    await reports.create({ _id: 'removed-long-ago', bootId: 'b', seq: 1, at: NOON });
    await on.stores.get(ReconciliationStore).endReportsOfRemoved();
    expect((await reports.findById('removed-long-ago').lean<SessionReportDocument>())?.expiresAt).toBeInstanceOf(Date);
    expect((await reports.findById(on.node.uid).lean<SessionReportDocument>())?.expiresAt).toBeUndefined();
  });
});
