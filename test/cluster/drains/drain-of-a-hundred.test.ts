import { expect, test } from '@jest/globals';
import {
  cancelDrain,
  createDrain,
  deactivateNode,
  removeNode,
  editNode,
  getDrain,
  getNode,
} from '../../../client/index.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { useOwnMongod } from '../../support/servers/mongod.js';

/** Maximum number of nodes that drain at once, and of concurrent activities of a worker. */
const NODES = 100;
const PATIENCE_MS = 240_000;
const AT_ONCE = 4;

// Agents only report here, so silence does not matter.
const { api, temporal } = useControlPlane({ 'Orchestrator.NodeManager.DisconnectTimeout': '1h' }, useOwnMongod());

/** A working node with one session. */
async function busyNode(id: string, labels: Record<string, string>): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, id);
  await editNode({ client: api.admin, path: { id }, body: { labels } });
  await agent.report([runningSession(`of-${id}`)]);
  return agent;
}

const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;
const drain = async (id: string) => (await getDrain({ client: api.admin, path: { id } })).data;

test('a hundred busy nodes drain at once, and one worker still handles everything else: projections, decisions, removals, the cancellation', async () => {
  const ids = Array.from({ length: NODES }, (_, index) => `busy-${index}`).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const id of ids) await busyNode(id, { pool: 'busy' });
    }),
  );
  const bystander = await busyNode('bystander', {});
  await busyNode('removed', {});
  await eventually(
    async () => expect(await node('bystander')).toMatchObject({ phase: 'ACTIVE', activeSessions: 1 }),
    PATIENCE_MS,
  );

  const { data: set } = await createDrain({
    client: api.admin,
    body: { labels: ['pool=busy'], maxUnavailable: NODES },
  });
  const id = set?.id ?? '';
  await eventually(async () => expect((await drain(id))?.counts).toMatchObject({ DRAINING: NODES }), PATIENCE_MS);

  // Each of these needs an activity: a projection, the end of a drain, a removal.
  await deactivateNode({ client: api.admin, path: { id: 'bystander' }, body: {} });
  await eventually(
    async () =>
      expect(await node('bystander')).toMatchObject({
        phase: 'DRAINING',
        decision: { appliedSeq: 2 },
        drain: { remaining: ['of-bystander'] },
      }),
    PATIENCE_MS,
  );
  await bystander.report([]);
  await eventually(async () => expect(await node('bystander')).toMatchObject({ phase: 'DRAINED' }), PATIENCE_MS);
  await removeNode({ client: api.admin, path: { id: 'removed' }, query: { force: 'true' } });
  await eventually(
    async () =>
      expect((await temporal.env.client.workflow.getHandle('lifecycle-removed').describe()).status.name).toBe(
        'COMPLETED',
      ),
    PATIENCE_MS,
  );
  const { raw } = await temporal.env.client.workflow.getHandle(`drain-set-${id}`).describe();
  expect(raw.pendingActivities ?? []).toEqual([]);

  await cancelDrain({ client: api.admin, path: { id } });
  await eventually(
    async () => expect(await drain(id)).toMatchObject({ state: 'CANCELLED', counts: { RELEASED: NODES } }),
    PATIENCE_MS,
  );
  expect(await node('busy-99')).toMatchObject({ phase: 'ACTIVE', activeSessions: 1 });
}, 900_000);
