import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../contract/decision.js';
import { nodeSchema } from '../../../contract/schemas/nodes.js';
import type { LastHeartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import { nodeView, type NodeViewSettings } from '../../../src/nodes/node-view.js';
import { INFO, RESOURCES } from '../../support/api/agent-under-test.js';
import { nodeRecord, T0 } from '../../support/api/node-record-fixture.js';

const SETTINGS: NodeViewSettings = {
  rules: new Map(),
  heartbeatIntervalMs: 15_000,
  missedHeartbeatsWarning: 2,
  disconnectTimeoutMs: 60_000,
  version: '0.2.0',
  temporal: { namespace: 'default', webUI: 'http://localhost:8233/' },
};
const heard = (lastSeen: number): LastHeartbeat => ({
  uid: 'uid-1',
  lastSeen,
  bootId: 'boot-1',
  seq: 1,
  earlierBoots: [],
  resources: RESOURCES,
});
const view = (...[node, heartbeat, now = T0]: [Parameters<typeof nodeView>[0], LastHeartbeat?, number?]) =>
  nodeView(node, heartbeat, now, SETTINGS);

describe('a node as people see it', () => {
  test('fits the schema that the API promises', () => {
    const uid = crypto.randomUUID();
    expect(() => nodeSchema.parse({ ...view(nodeRecord(), heard(T0)), uid })).not.toThrow();
    expect(() => nodeSchema.parse({ ...view(nodeRecord({ applied: false })), uid })).not.toThrow();
  });

  test('has a warning from the second missed heartbeat on, while it is still HEALTHY', () => {
    const at = (seconds: number, node = nodeRecord()) => view(node, heard(T0), T0 + seconds * 1_000);
    expect(at(37)).toMatchObject({ warning: false, missedHeartbeats: 1 });
    expect(at(38)).toMatchObject({ warning: true, missedHeartbeats: 2 });
    expect(at(90, nodeRecord({ liveness: 'UNHEALTHY' }))).toMatchObject({
      warning: false,
      missedHeartbeats: 5,
      status: 'UNHEALTHY',
    });
  });

  test('is UNKNOWN once it is overdue, whatever its workflow has not said yet', () => {
    const at = (seconds: number, node = nodeRecord(), told?: number) =>
      view(node, { ...heard(T0), ...(told !== undefined && { intervalMs: told }) }, T0 + seconds * 1_000);
    expect(at(60)).toMatchObject({ overdue: false, status: 'HEALTHY' });
    expect(at(61)).toMatchObject({ overdue: true, status: 'UNKNOWN', liveness: { value: 'HEALTHY' } });
    expect(at(61, { ...nodeRecord(), type: 'Requester' })).toMatchObject({ overdue: true, status: 'DISCONNECTED' });
    expect(at(61, nodeRecord({ liveness: 'UNHEALTHY' }))).toMatchObject({ overdue: false, status: 'UNHEALTHY' });
    // It was told to beat half as often, so it may be silent for twice as long.
    expect(at(61, nodeRecord(), 30_000)).toMatchObject({ overdue: false, status: 'HEALTHY' });
    expect(at(121, nodeRecord(), 30_000)).toMatchObject({ overdue: true, status: 'UNKNOWN' });
  });

  test('says since when its last decision waits to be applied, until it is', () => {
    const decision = decide(nodeRecord().decision, 'deactivate', { at: T0, by: 'admin', reason: '' });
    const waiting = { ...nodeRecord({ decision }), unappliedSince: T0 };
    expect(view(waiting).decision).toEqual({ seq: 2, appliedSeq: 1, unappliedSince: new Date(T0).toISOString() });
    expect(view({ ...nodeRecord(), unappliedSince: T0 }).decision).toEqual({
      seq: 1,
      appliedSeq: 1,
      unappliedSince: null,
    });
  });

  test.each([
    ['0.1.9', { agent: '0.1.9', api: '0.2.0' }],
    ['0.2.0-rc.1', { agent: '0.2.0-rc.1', api: '0.2.0' }],
    ['unknown', { agent: 'unknown', api: '0.2.0' }],
    ['0.2.0', null],
    ['0.10.0', null],
    ['1.0.0', null],
  ])('is outdated if its agent is older than the api, or its version is unknown: %s', (agentVersion, outdated) => {
    const node = nodeRecord();
    expect(view({ ...node, info: { ...INFO, agentVersion } }).outdated).toEqual(outdated);
  });

  test('without information is not outdated', () => {
    expect(view({ ...nodeRecord(), info: null }).outdated).toBeNull();
  });

  test('that was never heard is UNKNOWN since it was created', () => {
    expect(view(nodeRecord({ applied: false }))).toMatchObject({
      status: 'UNKNOWN',
      lastHeartbeat: null,
      resources: null,
      liveness: { value: 'UNKNOWN', since: new Date(T0).toISOString() },
    });
  });

  test('an orchestrator is CONNECTED or DISCONNECTED', () => {
    expect(view({ ...nodeRecord(), type: 'Requester' }).status).toBe('CONNECTED');
    expect(view({ ...nodeRecord({ liveness: 'UNKNOWN' }), type: 'Requester' }).status).toBe('DISCONNECTED');
  });

  test('shows a drain as decided until its workflow reports it, and as reported then', () => {
    const before = nodeRecord();
    const decision = decide(before.decision, 'decommission', {
      at: T0,
      by: 'admin',
      reason: 'old',
      deadline: T0 + 60_000,
      onDeadline: 'terminate',
    });
    expect(view(nodeRecord({ phase: 'DRAINING', decision }))).toMatchObject({
      availability: { value: 'DRAINING', reason: 'old' },
      drain: {
        by: 'admin',
        reason: 'old',
        deadline: new Date(T0 + 60_000).toISOString(),
        thenRemove: true,
        terminating: false,
        remaining: null,
      },
      decision: { seq: 2, appliedSeq: 1 },
    });
    const drain = {
      since: T0,
      by: 'admin',
      reason: 'old',
      onDeadline: 'terminate' as const,
      terminating: true,
      thenRemove: true,
      remaining: ['s1'],
    };
    expect(view(nodeRecord({ phase: 'DRAINING', decision, view: { seq: 2, drain } })).drain).toMatchObject({
      terminating: true,
      remaining: ['s1'],
    });
  });

  test('does not confuse an earlier drain that the workflow still reports with the decided one', () => {
    const drain = {
      since: T0,
      by: 'admin',
      reason: 'earlier',
      onDeadline: 'wait' as const,
      terminating: true,
      thenRemove: false,
      remaining: ['s1'],
    };
    const decision = decide(nodeRecord().decision, 'deactivate', { at: T0, by: 'admin', reason: 'later' });
    expect(view(nodeRecord({ phase: 'DRAINING', decision, view: { seq: 1, drain } })).drain).toMatchObject({
      reason: 'later',
      terminating: false,
      remaining: null,
    });
  });

  test("links its workflow if the Web UI's address is known", () => {
    expect(view(nodeRecord()).workflow).toEqual({
      id: 'lifecycle-node-1',
      url: 'http://localhost:8233/namespaces/default/workflows/lifecycle-node-1',
    });
  });
});
