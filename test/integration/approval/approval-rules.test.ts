import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createApprovalRule,
  createJoinToken,
  deleteApprovalRule,
  editApprovalRule,
  getNode,
  listApprovalRules,
  listAudit,
  listNodeEvents,
  testApprovalRules,
  type CreateApprovalRuleRequest,
} from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();
const client = () => ({ client: api.admin });

async function rule(body: CreateApprovalRuleRequest): Promise<void> {
  const { error } = await createApprovalRule({ ...client(), body });
  expect(error).toBeUndefined();
}

afterEach(async () => {
  const { data } = await listApprovalRules(client());
  for (const { name } of data?.items ?? []) await deleteApprovalRule({ ...client(), path: { name } });
});

let joined = 0;
/** An agent joins by a token of its own. @returns its node's name */
async function join({ autoApprove, labels }: { autoApprove?: boolean; labels?: Record<string, string> } = {}) {
  const body = { ...(autoApprove !== undefined && { autoApprove }), ...(labels && { labels }) };
  const { data } = await createJoinToken({ ...client(), body, throwOnError: true });
  const name = `gpu-${(joined += 1)}`;
  const { response } = await new AgentUnderTest(api).register(data.token, { name });
  expect(response?.status).toBe(201);
  return { name, token: data.joinToken.id };
}

const node = async (id: string) => (await getNode({ ...client(), path: { id }, throwOnError: true })).data;
const events = async (id: string) =>
  (await listNodeEvents({ ...client(), path: { id }, throwOnError: true })).data.items.map(({ type, by, reason }) => ({
    type,
    by,
    reason,
  }));

describe('a node that joins', () => {
  test('is rejected by the rule that matches, whatever its token says, and the event names the rule', async () => {
    await rule({ name: 'no-gpus', decision: 'reject', namePattern: 'gpu-*', reason: 'not in this cluster' });
    const { name } = await join({ autoApprove: true });
    expect(await node(name)).toMatchObject({
      phase: 'REJECTED',
      approval: { value: 'REJECTED', by: 'system', reason: 'rejected by rule no-gpus: not in this cluster' },
    });
    expect(await events(name)).toContainEqual({
      type: 'NodeRejected',
      by: 'system',
      reason: 'rejected by rule no-gpus: not in this cluster',
    });
  });

  test('is approved by a rule for its labels and its network, although its token would have it wait', async () => {
    await rule({ name: 'lab', decision: 'approve', labels: ['pool=lab'], networks: ['127.0.0.0/8', '::1'] });
    const { name } = await join({ autoApprove: false, labels: { pool: 'lab' } });
    expect(await node(name)).toMatchObject({ approval: { value: 'APPROVED', reason: 'approved by rule lab' } });
    expect((await join({ autoApprove: false })).name).not.toBe(name);
  });

  test('waits by a rule although the configuration approves', async () => {
    await rule({ name: 'look-first', decision: 'wait', namePattern: 'gpu-*' });
    const { name } = await join();
    expect(await node(name)).toMatchObject({
      phase: 'PENDING',
      approval: { reason: 'joined, and awaits approval by rule look-first' },
    });
  });

  test('is decided about by the first rule, by order and then by name', async () => {
    await rule({ name: 'b', decision: 'reject' });
    await rule({ name: 'a', decision: 'wait' });
    await rule({ name: 'z', order: 1, decision: 'approve', namePattern: 'cpu-*' });
    const { data } = await listApprovalRules({ ...client(), throwOnError: true });
    expect(data.items.map(({ name }) => name)).toEqual(['z', 'a', 'b']);
    const { name } = await join();
    expect(await node(name)).toMatchObject({ approval: { reason: 'joined, and awaits approval by rule a' } });
  });

  test('that a rule rejected is told which', async () => {
    await rule({ name: 'no-gpus', decision: 'reject', reason: 'not in this cluster' });
    const { data } = await createJoinToken({ ...client(), body: {}, throwOnError: true });
    const { error } = await (await new AgentUnderTest(api).join(data.token, 'told')).beatOnce();
    expect(error).toMatchObject({
      code: 'NODE_REJECTED_BY_ADMINISTRATOR',
      detail: 'node told was rejected by rule no-gpus: not in this cluster',
    });
  });

  test('is decided about by its token where no rule matches', async () => {
    await rule({ name: 'others', decision: 'reject', namePattern: 'cpu-*' });
    expect(await node((await join({ autoApprove: false })).name)).toMatchObject({ phase: 'PENDING' });
    expect(await node((await join()).name)).toMatchObject({ approval: { value: 'APPROVED' } });
  });
});

describe('rules are tried without effect', () => {
  test('on named nodes and on those that wait, with the reasons', async () => {
    const { name, token } = await join({ autoApprove: false });
    await rule({ name: 'elsewhere', order: 1, decision: 'reject', networks: ['192.0.2.0/24'] });
    await rule({ name: 'this-token', decision: 'approve', joinTokens: [token] });
    const { data } = await testApprovalRules({ ...client(), query: { node: [name] }, throwOnError: true });
    expect(data.items).toEqual([
      {
        ...{ node: name, phase: 'PENDING', decision: 'approve', source: 'rule', rule: 'this-token' },
        passedOver: [{ rule: 'elsewhere', because: expect.stringMatching(/^its address is (127\.0\.0\.1|::1)$/) }],
      },
    ]);
    const pending = await testApprovalRules({ ...client(), query: { pending: 'true' }, throwOnError: true });
    expect(pending.data.items).toContainEqual(data.items[0]);
    expect(pending.data.items.every(({ phase }) => phase === 'PENDING')).toBe(true);
    expect(await node(name)).toMatchObject({ phase: 'PENDING' });
    await deleteApprovalRule({ ...client(), path: { name: 'this-token' } });
    const without = await testApprovalRules({ ...client(), query: { node: [name] }, throwOnError: true });
    expect(without.data.items).toMatchObject([{ decision: 'wait', source: 'token', rule: null }]);
  });

  test('not on unknown nodes, nor on nobody', async () => {
    const unknown = await testApprovalRules({ ...client(), query: { node: ['nobody'] } });
    expect(unknown.error).toMatchObject({ code: 'NODE_NOT_FOUND' });
    const nobody = await testApprovalRules(client());
    expect(nobody.error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'node' });
  });
});

describe('a rule', () => {
  test('is changed by whoever knows its version, and the audit says who', async () => {
    await rule({ name: 'lab', decision: 'approve', hardware: { gpus: 1 }, expiresIn: '30d' });
    const path = { name: 'lab' };
    const { data } = await editApprovalRule({
      ...client(),
      path,
      body: { decision: 'wait', version: 1, expiresIn: null },
      throwOnError: true,
    });
    expect(data).toMatchObject({
      version: 2,
      decision: 'wait',
      hardware: { gpus: 1 },
      expiresAt: null,
      expired: false,
    });
    const late = await editApprovalRule({ ...client(), path, body: { order: 5, version: 1 } });
    expect(late.error).toMatchObject({ code: 'RULE_CHANGED' });
    const { data: audit } = await listAudit({
      ...client(),
      query: { type: ['ApprovalRuleChanged'] },
      throwOnError: true,
    });
    expect(audit.items[0]).toMatchObject({ reason: 'rule lab, which decides wait' });
  });

  test('of a name that is taken, or with something that is no network, is refused', async () => {
    await rule({ name: 'lab', decision: 'approve' });
    const taken = await createApprovalRule({ ...client(), body: { name: 'lab', decision: 'wait' } });
    expect(taken.error).toMatchObject({ code: 'RULE_NAME_TAKEN', field: 'name' });
    const body = { name: 'net', decision: 'wait', networks: ['10.0.0.0/99'] } as const;
    const network = await createApprovalRule({ ...client(), body: { ...body, networks: [...body.networks] } });
    expect(network.error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'networks.0' });
  });
});
