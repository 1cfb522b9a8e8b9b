import { describe, expect, test } from '@jest/globals';
import type { AgentUpdate } from '../../../client/types.gen.js';
import { agentUpdateSchema } from '../../../contract/schemas/drains.js';
import { exampleDrain } from '../../support/cli/example-drain.js';
import { NOW } from '../../support/cli/example-nodes.js';
import { problem } from '../../support/cli/fake-api.js';
import { expectCliGolden, rollcall } from '../../support/cli/rollcall.js';

const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

function update(id: string, changes: Partial<AgentUpdate> = {}): AgentUpdate {
  const drain = exampleDrain(id);
  const member = (node: string, state: string, seconds: number, reason = '') => ({
    ...drain.nodes?.[0],
    id: node,
    state,
    since: at(-seconds),
    reason,
  });
  return agentUpdateSchema.parse({
    ...drain,
    ...{ version: '1.2.0', downgrade: false, maxFailures: 1, timeout: '20m', state: 'HELD' },
    counts: { ...drain.counts, DRAINING: 0, DRAINED: 0, SKIPPED: 0, UPDATED: 1, FAILED: 1, NOT_MANAGED: 1 },
    ruling: { at: at(-60), by: 'system', applied: true },
    nodes: [
      member('node-1', 'UPDATED', 300),
      member('node-2', 'FAILED', 60, 'it was not heard within 2m; it runs 1.1.0'),
      member('node-3', 'NOT_MANAGED', 60, 'its configuration has no Compute.Updates.Managed; it runs 1.1.0'),
      member('node-4', 'QUEUED', 600),
    ],
    workflow: { id: `agent-update-${id}`, url: null },
    ...changes,
  });
}

describe('agent-update', () => {
  const UPDATES = [
    update('abc'),
    update('xyz', { version: '1.1.0', downgrade: true, state: 'DONE', endedAt: at(-10), maxFailures: 3 }),
  ];
  const listed = () => ({ body: { items: UPDATES, nextCursor: null } });

  test('list', async () => expectCliGolden('agent-update-list', (await rollcall('agent-update list', listed)).out));
  test('list, wide', async () =>
    expectCliGolden('agent-update-list-wide', (await rollcall('agent-update list -o wide', listed)).out));
  test('describe', async () =>
    expectCliGolden(
      'agent-update-describe',
      (await rollcall('agent-update describe abc', () => ({ body: UPDATES[0] }))).out,
    ));
  test('describe, of one that is over', async () =>
    expectCliGolden(
      'agent-update-describe-done',
      (await rollcall('agent-update describe xyz', () => ({ body: UPDATES[1] }))).out,
    ));

  test('start sends the options; only the id is on stdout', async () => {
    const { code, out, err, asked } = await rollcall(
      'agent-update start 1.2.0 -l pool=a --max-unavailable 25% --max-failures 2 --update-timeout 10m --allow-downgrade --deadline 15m --on-deadline terminate -m kernel',
      () => ({ status: 201, body: update('abc', { state: 'RUNNING' }) }),
    );
    expect({ code, out }).toEqual({ code: 0, out: 'abc\n' });
    expect(err).toBe(
      'Agent update abc of 4 nodes has begun, at most 1 at once; see: rollcall agent-update describe abc\n',
    );
    expect(asked).toMatchObject([{ method: 'POST', path: '/v1/agent-updates' }]);
    expect(asked[0]?.body).toEqual({
      version: '1.2.0',
      labels: ['pool=a'],
      reason: 'kernel',
      maxUnavailable: '25%',
      maxFailures: 2,
      timeout: '10m',
      downgrade: true,
      deadline: '15m',
      onDeadline: 'terminate',
    });
  });

  test('start --wait names the nodes that need attention', async () => {
    const steps = [update('abc', { state: 'RUNNING' }), update('abc', { state: 'DONE', endedAt: at(0) })];
    const { code, err } = await rollcall('agent-update start 1.2.0 -l pool=a --wait', ({ method }) =>
      method === 'POST' ? { status: 201, body: steps[0] } : { body: steps[1] },
    );
    expect(code).toBe(0);
    expect(err).toContain('Node node-2 failed: it was not heard within 2m; it runs 1.1.0\n');
    expect(err).toContain('Node node-3 was left alone: ');
  });

  test.each(['pause', 'resume', 'cancel'])('%s prints Ok when it is in force', async (wish) => {
    const { code, out, asked } = await rollcall(`agent-update ${wish} abc`, () => ({ body: UPDATES[0] }));
    expect({ code, out }).toEqual({ code: 0, out: 'Ok\n' });
    expect(asked).toMatchObject([{ method: 'POST', path: `/v1/agent-updates/abc/${wish}` }]);
  });

  test.each([
    'agent-update start -l pool=a',
    'agent-update start 1.2 -l pool=a',
    'agent-update start 1.2.0',
    'agent-update start 1.2.0 -l pool=a --max-unavailable 0%',
    'agent-update start 1.2.0 -l pool=a --max-failures 0',
  ])('%s is a usage error', async (line) => {
    const { code, asked } = await rollcall(line, () => ({ body: {} }));
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
  });

  test('names the remedy if the cluster has no agent updates', async () => {
    const { code, err } = await rollcall('agent-update start 1.2.0 -l pool=a', () =>
      problem(409, 'AGENT_UPDATES_OFF', 'this cluster does not update agents', { hint: 'Set it' }),
    );
    expect({ code, err }).toEqual({ code: 6, err: 'AGENT_UPDATES_OFF: this cluster does not update agents. Set it\n' });
  });
});
