import { expect, test } from '@jest/globals';
import { getNode, listNodeEvents } from '../../../client/index.js';
import { SILENCE_SWEEPER_ID } from '../../../contract/temporal-names.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';

/**
 * A fleet that counts as huge: its lifecycles look for heartbeats only every few minutes, and hardly any heartbeats are forwarded. A silent node is
 * found by the sweeper, or not before this test has given up.
 */

const { api, temporal, worker } = useControlPlane({
  'Orchestrator.NodeManager.DisconnectTimeout': '3s',
  'Orchestrator.NodeManager.UnknownTimeout': '3s',
  'Orchestrator.NodeManager.MaxLivenessChecksPerSecond': '0.005',
  'Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond': '0.001',
});

const liveness = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data?.liveness.value;
const becomes = (id: string, value: string) => eventually(async () => expect(await liveness(id)).toBe(value), 30_000);

/** Keeps beating while something is expected of another node. */
async function beatUntil(agent: AgentUnderTest, id: string, value: string): Promise<void> {
  await eventually(async () => {
    // More often than allowed, so that enough are accepted without the waits that the api asks for.
    await agent.beatOnce();
    expect(await liveness(id)).toBe(value);
  }, 25_000);
}

test('a silent node is found by the sweeper, in both steps, and one that beats is left alone', async () => {
  const silent = await new AgentUnderTest(api).join(api.joinToken, 'silent');
  const lively = await new AgentUnderTest(api).join(api.joinToken, 'lively');
  for (const agent of [silent, lively]) await agent.beat();
  await becomes('silent', 'HEALTHY');
  await becomes('lively', 'HEALTHY');
  // Its own first look finds this heartbeat, and the next is minutes away.
  await silent.beat();
  await beatUntil(lively, 'silent', 'UNHEALTHY');
  await beatUntil(lively, 'silent', 'UNKNOWN');
  expect(await liveness('lively')).toBe('HEALTHY');
  const { data } = await listNodeEvents({ client: api.admin, path: { id: 'silent' } });
  expect(data?.items.map(({ type }) => type)).toEqual(expect.arrayContaining(['NodeUnhealthy', 'NodeUnknown']));
}, 60_000);

test('it continues after its worker stopped, and exists once', async () => {
  await worker.stop();
  await worker.start();
  const silent = await new AgentUnderTest(api).join(api.joinToken, 'silent-later');
  // On a busy machine the new worker may begin only when a single beat is too old.
  await beatUntil(silent, 'silent-later', 'HEALTHY');
  await silent.beat();
  await becomes('silent-later', 'UNHEALTHY');
  const running: string[] = [];
  for await (const { workflowId } of temporal.env.client.workflow.list({
    query: "ExecutionStatus = 'Running' AND WorkflowType = 'silenceSweeper'",
  }))
    running.push(workflowId);
  expect(running).toEqual([SILENCE_SWEEPER_ID]);
}, 60_000);
