import { describe, expect, test } from '@jest/globals';
import type { CarriedLifecycle } from '../../contract/lifecycle.js';
import { SYSTEM } from '../../contract/states.js';
import { useHarness } from '../support/workflow/lifecycle-harness.js';

const harness = useHarness();

/** A life that starts again from the record: alive, with one session. */
async function carried(): Promise<CarriedLifecycle> {
  const now = await harness.env.currentTimeMs();
  const session = { id: 's1', principal: 'ada', statement: 'select 1', state: 'RUNNING' as const, startedAt: now };
  return {
    revision: 5,
    liveness: { value: 'HEALTHY', since: now, reason: '', by: SYSTEM },
    drainedSeq: 0,
    lastHeartbeat: now,
    blindMs: 0,
    sessions: [session],
    sessionsReportedAt: now,
  };
}

describe('the initial decision of a life has the same effect as a later one:', () => {
  test("a rejected node's sessions are told to end", async () => {
    const node = await harness.node({ decided: 'reject', carried: await carried() });
    expect(await node.until(({ activeSessions }) => activeSessions === 0)).toMatchObject({ phase: 'REJECTED', seq: 2 });
    expect(node.ports.terminations).toMatchObject([{ sessionIds: ['s1'], reason: 'the node was rejected' }]);
  });

  test('a deactivated node drains', async () => {
    const node = await harness.node({ decided: 'deactivate', carried: await carried() });
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { remaining: ['s1'] } });
    await node.report([]);
    await node.until(({ phase }) => phase === 'DRAINED');
  });

  test('a decommissioned node drains and is removed', async () => {
    const node = await harness.node({ decided: 'decommission', carried: await carried() });
    expect(await node.settled()).toMatchObject({ phase: 'DRAINING', drain: { thenRemove: true } });
    await node.report([]);
    expect(await node.outcome()).toMatchObject({ by: 'admin', reason: 'decided before it began' });
  });

  test('a removed node is removed, and its sessions are lost', async () => {
    const node = await harness.node({ decided: 'remove', carried: await carried() });
    expect(await node.outcome()).toMatchObject({ by: 'admin', reason: 'decided before it began' });
    expect(node.ports.sessionChanges).toMatchObject([{ id: 's1', state: 'LOST' }]);
  });
});
