import { expect, test } from '@jest/globals';
import { createNode, listAudit, removeNode } from '../../../client/index.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { RetentionStore } from '../../../src/retention/retention-store.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';

const api = useApi();

test('an expired removed node is refused everywhere, and its name is its successor’s', async () => {
  const old = await new AgentUnderTest(api).join(api.joinToken, 'twice');
  expect((await old.beat()).response?.status).toBe(200);
  await removeNode({ client: api.admin, path: { id: 'twice' } });
  await eventually(async () => expect((await old.beat()).response?.status).toBe(410));
  const { data: slot } = await createNode({ client: api.admin, body: { name: 'twice' } });

  await api.app.get(RetentionStore).drop('node', [old.uid]);
  await eventually(async () => expect((await old.beat()).response?.status).toBe(401));
  expect((await old.trade(await old.assertion())).response?.status).toBe(401);
  expect(await api.app.get(NodeStore).findByUid(old.uid)).toBeNull();

  const young = await new AgentUnderTest(api).join(slot?.bootstrapToken ?? '');
  expect((await young.beat()).response?.status).toBe(200);
  expect((await old.beat()).response?.status).toBe(401);
  const { data } = await listAudit({ client: api.admin, query: { node: 'twice', type: ['NodeRemoved'] } });
  expect(data?.items).toMatchObject([{ uid: old.uid }]);
});

test('the audit is read oldest first, page by page, between two times', async () => {
  const from = new Date().toISOString();
  for (const name of ['a', 'b', 'c']) await createNode({ client: api.admin, body: { name } });
  const read = async (query: NonNullable<Parameters<typeof listAudit>[0]>['query']) => {
    const nodes: (string | null)[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { data } = await listAudit({
        client: api.admin,
        query: { ...query, limit: 2, type: ['SlotCreated'], ...(cursor !== undefined && { cursor }) },
      });
      nodes.push(...(data?.items ?? []).map(({ node }) => node));
      cursor = data?.nextCursor ?? null;
    }
    return nodes;
  };
  expect(await read({ since: from, order: 'oldest' })).toEqual(['a', 'b', 'c']);
  expect(await read({ since: from })).toEqual(['c', 'b', 'a']);
  expect(await read({ until: from, order: 'oldest' })).toEqual(['twice']);
  // A cursor goes in one direction.
  const { data } = await listAudit({ client: api.admin, query: { limit: 1, order: 'oldest' } });
  const answer = await listAudit({ client: api.admin, query: { cursor: data?.nextCursor ?? '' } });
  expect(answer.response?.status).toBe(400);
});
