import { describe, expect, test } from '@jest/globals';
import { createNode, editNode, getNode, listNodeEvents, listNodes, putInfo, type Node } from '../../../client/index.js';
import { AgentUnderTest, INFO } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

/** Labels of a node's configuration, in the record. */

const api = useApi();
const path = (id: string) => ({ client: api.admin, path: { id } });
const node = async (id: string): Promise<Node> => {
  const { data, error } = await getNode(path(id));
  if (!data) throw new Error(JSON.stringify(error));
  return data;
};
const says = ({ client }: AgentUnderTest, labels: Record<string, string>) =>
  putInfo({ client, body: { ...INFO, labels } });

/** With the labels of its slot, and those of its agent. */
async function joined(
  name: string,
  slot: Record<string, string>,
  own: Record<string, string>,
): Promise<AgentUnderTest> {
  const { data } = await createNode({ client: api.admin, body: { name, labels: slot } });
  const agent = new AgentUnderTest(api);
  const { data: registered } = await agent.register(data?.bootstrapToken ?? '', { labels: own });
  agent.uid = registered?.uid ?? '';
  await agent.authenticate();
  return agent;
}

describe("a node's labels", () => {
  test('follow its configuration, except those that administrators set, and show which is which', async () => {
    const agent = await joined('follows', { pool: 'slot' }, { pool: 'own', zone: 'a' });
    expect(await node('follows')).toMatchObject({ labels: { pool: 'slot', zone: 'a' }, agentLabels: ['zone'] });
    expect((await says(agent, { pool: 'other', zone: 'b', rack: '7' })).response?.status).toBe(204);
    expect(await node('follows')).toMatchObject({
      labels: { pool: 'slot', zone: 'b', rack: '7' },
      agentLabels: ['zone', 'rack'],
    });
    const found = await listNodes({ client: api.admin, query: { label: 'rack=7' } });
    expect(found.data?.items.map(({ id }) => id)).toEqual(['follows']);
    const { data } = await listNodeEvents({ ...path('follows'), query: { limit: 1 } });
    expect(data?.items).toMatchObject([
      { type: 'NodeEdited', by: 'agent:follows', reason: expect.stringContaining('zone=b') },
    ]);
  });

  test('stay as an administrator changed or removed them', async () => {
    const agent = await joined('edited', {}, { zone: 'a', rack: '7' });
    await says(agent, { zone: 'a', rack: '7' });
    await editNode({ ...path('edited'), body: { labels: { zone: 'mine' } } });
    await says(agent, { zone: 'b', rack: '7', more: 'x' });
    expect(await node('edited')).toMatchObject({ labels: { zone: 'mine', more: 'x' }, agentLabels: ['more'] });
  });

  test('change nothing when they are reported again', async () => {
    const agent = await joined('again', {}, { zone: 'a' });
    await says(agent, { zone: 'b' });
    const { data: before } = await listNodeEvents(path('again'));
    await says(agent, { zone: 'b' });
    await putInfo({ client: agent.client, body: INFO });
    expect((await node('again')).labels).toEqual({ zone: 'b' });
    expect((await listNodeEvents(path('again'))).data?.items).toEqual(before?.items);
  });

  test('of a join token precede those of its agents', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'by-token');
    await says(agent, { zone: 'a' });
    expect(await node('by-token')).toMatchObject({ labels: { zone: 'a' }, agentLabels: ['zone'] });
    await says(agent, {});
    expect((await node('by-token')).labels).toEqual({});
  });
});
