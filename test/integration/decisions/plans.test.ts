import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  activateNode,
  approveNode,
  cancelDrain,
  createDrain,
  deactivateNode,
  getDrain,
  getNode,
  listMaintenance,
  listNodeEvents,
  removeNode,
  type DeactivateRequest,
} from '../../../client/index.js';
import { run } from '../../../cli/run.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
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

  test('is shown with its span, replaced by another one, and cancelled by activating the node', async () => {
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

  test('accepts times with any offset from UTC', async () => {
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
  ])('is refused with the faulty field: %j', async (body, field) => {
    const { error } = await deactivate('whole', body);
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });

  test('changes nothing in a dry run, and is planned once when requested twice', async () => {
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

  test('leaves nodes alone that a person has taken out, with or without an end', async () => {
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

  test('is refused if it is impossible', async () => {
    const { error } = await createDrain({ client: api.admin, body: { nodes: ['set-1'], at: '2020-01-01T00:00:00Z' } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'at' });
  });
});

describe('the list of maintenance', () => {
  const span = { at: inMs(3 * HOUR), until: inMs(4 * HOUR) };
  const list = async (query: { state?: 'planned' | 'underWay'; limit?: number; cursor?: string } = {}) =>
    (await listMaintenance({ client: api.admin, throwOnError: true, query: { limit: 1_000, ...query } })).data;
  const about = async (reason: string, query = {}) =>
    (await list(query)).items.filter((entry) => entry.reason === reason);

  test('groups nodes with the same who, why, from when and until when', async () => {
    await Promise.all(['rack-1', 'rack-2', 'rack-10'].map(active));
    for (const id of ['rack-10', 'rack-1', 'rack-2']) await deactivate(id, { ...span, reason: 'new switch' });
    expect(await about('new switch')).toEqual([
      {
        ...{
          id: expect.any(String),
          state: 'planned',
          ...span,
          by: 'admin',
          reason: 'new switch',
          drain: null,
          window: null,
        },
        nodes: { count: 3, names: ['rack-1', 'rack-2', 'rack-10'] },
      },
    ]);
    await activateNode({ ...path('rack-2'), body: {} });
    expect(await about('new switch')).toMatchObject([{ nodes: { count: 2, names: ['rack-1', 'rack-10'] } }]);
    expect(await about('new switch', { state: 'underWay' })).toEqual([]);
  });

  test('contains nodes that come back by themselves, and not those without an end', async () => {
    await Promise.all(['out', 'gone'].map(active));
    const until = inMs(HOUR);
    await deactivate('out', { until, reason: 'fans' });
    await deactivate('gone', { reason: 'sold' });
    expect(await about('fans')).toMatchObject([{ state: 'underWay', until, nodes: { names: ['out'] } }]);
    expect(await about('sold')).toEqual([]);
    expect(await about('fans', { state: 'planned' })).toEqual([]);
  });

  test('contains a drain set once, while it runs and while its nodes are out', async () => {
    await Promise.all(['set-3', 'set-4'].map(active));
    const drain = async (at: string, reason: string) =>
      (
        await createDrain({
          client: api.admin,
          throwOnError: true,
          body: { nodes: ['set-3', 'set-4'], maxUnavailable: 2, at, until: span.until, reason },
        })
      ).data.id;
    const later = await drain(span.at, 'new floor');
    expect(await about('new floor')).toMatchObject([
      {
        state: 'planned',
        at: span.at,
        until: span.until,
        drain: later,
        nodes: { count: 2, names: ['set-3', 'set-4'] },
      },
    ]);
    await cancelDrain({ client: api.admin, throwOnError: true, path: { id: later } });
    expect(await about('new floor')).toEqual([]);
    const soon = await drain(inMs(2_000), 'new roof');
    await Promise.all(['set-3', 'set-4'].map((id) => becomes(id, { phase: 'DRAINED' })));
    // Its own entry ends with it; from then on its nodes have one.
    await eventually(async () => {
      const entries = (await list()).items.filter(({ nodes }) => nodes.names.includes('set-3'));
      expect(entries).toMatchObject([{ state: 'underWay', until: span.until, drain: null, nodes: { count: 2 } }]);
      expect(entries[0]?.reason).toContain(soon);
    });
  });

  test('is paged, in the order in which entries begin', async () => {
    const all = (await list()).items;
    expect(all.length).toBeGreaterThan(3);
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
    const paged = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    const { error } = await listMaintenance({ client: api.admin, query: { cursor: 'nonsense' } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'cursor' });
  });

  test('is printed as a table by the command', async () => {
    const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
    expect(await run(['maintenance', 'list', '--planned'], terminal, new AbortController().signal)).toBe(0);
    expect(terminal.out()).toMatch(/^BEGINS +ENDS +NODES +DRAIN +WINDOW +BY +REASON\n/);
    expect(terminal.out()).toMatch(/^in 2h\d*m? +in 3h\d*m? +rack-1,rack-10 +- +- +admin +new switch$/m);
  });
});
