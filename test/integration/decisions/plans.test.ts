import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  createDrain,
  deactivateNode,
  getDrain,
  getNode,
  listNodeEvents,
  removeNode,
  type DeactivateRequest,
} from '../../../client/index.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';

const { api } = useControlPlane({ 'Orchestrator.NodeManager.ManualApproval': 'true' });

const HOUR = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const path = (id: string) => ({ client: api.admin, path: { id } });
const deactivate = (id: string, body: DeactivateRequest) => deactivateNode({ ...path(id), body });
const node = async (id: string) => (await getNode(path(id))).data;
const becomes = (id: string, expected: Record<string, unknown>) =>
  eventually(async () => expect(await node(id)).toMatchObject(expected));

async function active(id: string): Promise<void> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, id);
  await approveNode({ ...path(id), body: {} });
  await agent.beat();
  await becomes(id, { phase: 'ACTIVE' });
}

describe('a planned deactivate', () => {
  test('begins, and ends by itself, each with its event', async () => {
    await active('whole');
    const { data, response } = await deactivate('whole', { reason: 'new disks', at: inMs(5_000) });
    expect(response?.status).toBe(202);
    expect(data?.node).toMatchObject({ planned: { by: 'admin', reason: 'new disks', until: null } });
    await becomes('whole', { phase: 'DRAINED', planned: null, until: null, availability: { by: 'admin' } });
    await deactivate('whole', { until: inMs(3_000) });
    await becomes('whole', { phase: 'ACTIVE', until: null, availability: { by: 'system' } });
    const { data: events } = await listNodeEvents(path('whole'));
    const said = events?.items.filter(({ type }) => /Deactivat/.test(type)).toReversed();
    expect(said).toMatchObject([
      { type: 'NodeDeactivationPlanned', by: 'admin', reason: expect.stringMatching(/^new disks, from \S+Z$/) },
      { type: 'NodeDeactivationBegan', by: 'admin', reason: 'new disks', from: null },
      { type: 'NodeDeactivated', by: 'admin', reason: expect.stringMatching(/^until \S+Z$/) },
      { type: 'NodeDeactivationEnded', by: 'system', reason: expect.stringMatching(/deactivated by admin/) },
    ]);
  });

  test('is shown with its span, is changed by another and cancelled by activating the node', async () => {
    await active('changed');
    const span = { at: inMs(HOUR), until: inMs(2 * HOUR) };
    await deactivate('changed', { ...span, deadline: '10m', onDeadline: 'terminate' });
    await becomes('changed', {
      phase: 'ACTIVE',
      planned: { ...span, deadline: '10m', onDeadline: 'terminate' },
    });
    const later = inMs(5 * HOUR);
    await deactivate('changed', { at: later });
    expect((await node('changed'))?.planned).toMatchObject({ at: later, until: null, deadline: null });
    const { response } = await activateNode({ ...path('changed'), body: {} });
    expect(response?.status).toBe(202);
    await becomes('changed', { phase: 'ACTIVE', planned: null });
    expect((await activateNode({ ...path('changed'), body: {} })).error).toMatchObject({ code: 'NODE_ALREADY_ACTIVE' });
  });

  test('takes moments with any offset from UTC', async () => {
    await active('offset');
    const at = new Date(Date.now() + HOUR).toISOString().slice(0, 11);
    const { data } = await deactivate('offset', { at: inMs(HOUR).replace('Z', '+00:00') });
    expect(data?.node.planned?.at.slice(0, 11)).toBe(at);
  });

  test.each([
    [{ at: '2020-01-01T00:00:00Z' }, 'at'],
    [{ until: '2020-01-01T00:00:00Z' }, 'until'],
    [{ at: inMs(2 * HOUR), until: inMs(HOUR) }, 'until'],
    [{ at: inMs(9_000 * HOUR) }, 'at'],
    [{ at: '2027-01-31T12:00' }, 'at'],
    [{ until: '4h' }, 'until'],
  ])('that cannot be is refused with its field: %j', async (body, field) => {
    const { error } = await deactivate('whole', body);
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });

  test('that is tried changes nothing, and one that is asked for twice is planned once', async () => {
    await active('tried');
    const body = { at: inMs(HOUR) };
    const dry = await deactivateNode({ ...path('tried'), body, query: { dryRun: 'true' } as object });
    expect(dry.data?.node.planned?.at).toBe(body.at);
    expect((await node('tried'))?.planned).toBeNull();
    const same = { ...path('tried'), body, headers: { 'idempotency-key': randomUUID() } };
    const first = await deactivateNode(same);
    const second = await deactivateNode(same);
    expect(second.data).toEqual(first.data);
    expect((await node('tried'))?.decision.seq).toBe(first.data?.node.decision.seq);
  });

  test('ends with its node', async () => {
    await active('sold');
    await deactivate('sold', { at: inMs(HOUR) });
    expect((await removeNode(path('sold'))).response?.status).toBe(202);
  });
});

describe('a drain of a set', () => {
  test('begins and ends by itself', async () => {
    await Promise.all([active('set-1'), active('set-2')]);
    const { data } = await createDrain({
      client: api.admin,
      body: { nodes: ['set-1', 'set-2'], maxUnavailable: 2, at: inMs(4_000), until: inMs(HOUR) },
    });
    expect(data?.beginsAt).not.toBeNull();
    await Promise.all(['set-1', 'set-2'].map((id) => becomes(id, { phase: 'DRAINED', until: data?.until })));
  });

  test('leaves what a person has out as it is, with its end or without one', async () => {
    await Promise.all([active('broken'), active('back-soon')]);
    const until = inMs(2 * HOUR);
    await Promise.all([deactivate('broken', { reason: 'no disk' }), deactivate('back-soon', { until })]);
    await Promise.all([becomes('broken', { phase: 'DRAINED' }), becomes('back-soon', { phase: 'DRAINED' })]);
    for (const span of [{ until: inMs(HOUR) }, {}]) {
      const { data } = await createDrain({ client: api.admin, body: { nodes: ['broken', 'back-soon'], ...span } });
      await eventually(async () => {
        const { data: set } = await getDrain(path(data?.id ?? ''));
        expect(set).toMatchObject({ state: 'DONE', nodes: [{ state: 'ALREADY' }, { state: 'ALREADY' }] });
      });
    }
    expect(await node('broken')).toMatchObject({ until: null, availability: { reason: 'no disk' } });
    expect(await node('back-soon')).toMatchObject({ until });
  });

  test('that cannot be is refused', async () => {
    const { error } = await createDrain({ client: api.admin, body: { nodes: ['set-1'], at: '2020-01-01T00:00:00Z' } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'at' });
  });
});
