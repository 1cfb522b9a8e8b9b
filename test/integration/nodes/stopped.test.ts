import { expect, test } from '@jest/globals';
import { getCluster, getNode, listNodes, sayGoodbye } from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { startApi, useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';

const api = useApi();

test('stopped nodes are listed as they are counted: compute nodes only, no replicas that said goodbye', async () => {
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'node-1');
  await agent.beat();
  await sayGoodbye({ client: agent.client, body: { bootId: agent.bootId, reason: 'SIGTERM' } });
  const tokens = { admin: api.adminToken, join: api.joinToken };
  const replica = await startApi({ mongoUri: api.mongoUri, tokens, settings: { 'Orchestrator.Name': 'node-00' } });
  await replica.close();
  const gone = await getNode({ client: api.admin, path: { id: 'node-00' } });
  expect(gone.data).toMatchObject({ type: 'Requester', status: 'DISCONNECTED', stoppedAt: expect.any(String) });
  const stopped = await listNodes({ client: api.admin, query: { stopped: 'true', total: 'true' } });
  expect([stopped.data?.items.map(({ id }) => id), stopped.data?.total]).toEqual([['node-1'], 1]);
  await eventually(async () => {
    const { data } = await getCluster({ client: api.admin });
    expect(Object.values(data?.nodes.stopped ?? {})).toEqual([1]);
  });
});
