import { describe, expect, test } from '@jest/globals';
import {
  cancelDrain,
  createDrain,
  deleteMaintenanceWindow,
  editMaintenanceWindow,
  editNode,
  getDrain,
  getNode,
  listMaintenance,
} from '../../../client/index.js';
import { windowScheduleId } from '../../../contract/maintenance-window.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { NIGHT, WINDOW_SETTINGS, WindowsUnderTest } from '../../support/maintenance/windows.js';

const { api, temporal } = useControlPlane(WINDOW_SETTINGS);
const windows = new WindowsUnderTest(api);

describe('a drain set within a window', () => {
  async function active(id: string, labels: Record<string, string>): Promise<AgentUnderTest> {
    const agent = await new AgentUnderTest(api).join(api.joinToken, id);
    await editNode({ client: api.admin, path: { id }, body: { labels } });
    await agent.report([runningSession(`of-${id}`)]);
    await eventually(async () => expect(await node(id)).toMatchObject({ phase: 'ACTIVE', activeSessions: 1 }));
    return agent;
  }
  const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;
  const drain = async (id: string) => (await getDrain({ client: api.admin, path: { id }, throwOnError: true })).data;

  test('waits for it, says so everywhere, begins when the schedule opens it, and keeps it', async () => {
    await Promise.all([active('w-1', { pool: 'w' }), active('w-2', { pool: 'w' })]);
    const made = await windows.create({ name: 'rack-w', ...NIGHT, labels: ['pool=w'], description: 'new disks' });
    const { data: set } = await createDrain({
      client: api.admin,
      body: { labels: ['pool=w'], window: 'rack-w' },
      throwOnError: true,
    });
    const waits = { name: 'rack-w', waiting: true, openUntil: null, opensAt: made.openings[0] };
    expect(set).toMatchObject({ state: 'RUNNING', window: waits });
    await eventually(async () =>
      expect(await drain(set.id)).toMatchObject({ ruling: { applied: true }, window: waits }),
    );
    expect(await node('w-1')).toMatchObject({ phase: 'ACTIVE' });
    const { data: calendar } = await listMaintenance({ client: api.admin, query: { limit: 1_000 } });
    const entries = calendar?.items.filter((entry) => entry.window?.name === 'rack-w') ?? [];
    expect(entries).toHaveLength(10);
    expect(entries[0]).toMatchObject({
      ...{ state: 'planned', at: made.openings[0], reason: 'new disks', drain: null },
      window: { waiting: [{ id: set.id, kind: 'drain' }] },
      nodes: { count: 2, names: ['w-1', 'w-2'] },
    });
    expect(entries[1]).toMatchObject({ window: { waiting: [] }, nodes: { count: 0 } });
    expect(await windows.read('rack-w')).toMatchObject({ waiting: [{ id: set.id, kind: 'drain' }] });
    expect(await windows.cli('drain', 'describe', set.id)).toContain(
      `waiting for the window rack-w, which opens at ${made.openings[0]}`,
    );
    expect(await windows.cli('drain', 'list')).toContain('RUNNING, waits for rack-w');
    expect(await windows.cli('maintenance', 'window', 'list')).toMatch(
      /^rack-w +0 2 \* \* \* +Europe\/Berlin +4h +opens in /m,
    );
    expect(await windows.cli('maintenance', 'list')).toMatch(new RegExp(` w-1,w-2 +${set.id} +rack-w `));
    const { error } = await deleteMaintenanceWindow({ client: api.admin, path: { name: 'rack-w' } });
    expect(error).toMatchObject({ code: 'WINDOW_IN_USE', detail: expect.stringContaining(set.id) });

    await temporal.env.client.schedule.getHandle(windowScheduleId('rack-w')).trigger();
    await eventually(async () => expect(await node('w-1')).toMatchObject({ phase: 'DRAINING' }));
    const opened = await windows.read('rack-w');
    expect(Date.parse(opened.openUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await drain(set.id)).toMatchObject({ window: { waiting: false, openUntil: opened.openUntil } });
    await cancelDrain({ client: api.admin, path: { id: set.id } });
    await eventually(async () => expect(await drain(set.id)).toMatchObject({ state: 'CANCELLED' }));
    expect((await deleteMaintenanceWindow({ client: api.admin, path: { name: 'rack-w' } })).response?.status).toBe(204);
  });

  test('with a later beginning waits for the first opening after that, and is listed at both', async () => {
    await active('v-1', { pool: 'v' });
    const { openings } = await windows.create({ name: 'rack-v', ...NIGHT });
    const beginsAt = new Date(Date.parse(openings[2]!) + 3_600_000).toISOString();
    const { data: set } = await createDrain({
      client: api.admin,
      body: { nodes: ['v-1'], window: 'rack-v', at: beginsAt, until: new Date(Date.now() + 3e8 * 4).toISOString() },
      throwOnError: true,
    });
    expect(set).toMatchObject({ beginsAt, window: { waiting: true, opensAt: openings[2] } });
    const { data } = await listMaintenance({ client: api.admin, query: { limit: 1_000 }, throwOnError: true });
    expect(data.items.filter((entry) => entry.drain === set.id)).toMatchObject([{ state: 'planned', at: beginsAt }]);
    const waited = data.items.filter((entry) => entry.window?.waiting.some(({ id }) => id === set.id));
    expect(waited).toMatchObject([{ at: openings[2], nodes: { count: 1, names: ['v-1'] } }]);
    await cancelDrain({ client: api.admin, path: { id: set.id } });
  });

  test('with an end is listed with its window, and not as under way, before it begins', async () => {
    await active('u-1', { pool: 'u' });
    await windows.create({ name: 'rack-u', ...NIGHT });
    const { data: set } = await createDrain({
      client: api.admin,
      body: { nodes: ['u-1'], window: 'rack-u', until: new Date(Date.now() + 3e8).toISOString() },
      throwOnError: true,
    });
    const { data } = await listMaintenance({ client: api.admin, query: { limit: 1_000 }, throwOnError: true });
    expect(data.items.filter((entry) => entry.drain === set.id)).toEqual([]);
    expect(data.items.filter((entry) => entry.window?.waiting.some(({ id }) => id === set.id))).toHaveLength(1);
    await cancelDrain({ client: api.admin, path: { id: set.id } });
  });

  test('notices a change of the window', async () => {
    await active('x-1', { pool: 'x' });
    await windows.create({ name: 'rack-x', ...NIGHT });
    const { data: set } = await createDrain({
      client: api.admin,
      body: { nodes: ['x-1'], window: 'rack-x' },
      throwOnError: true,
    });
    await editMaintenanceWindow({
      client: api.admin,
      path: { name: 'rack-x' },
      body: { cron: '0 5 * * *' },
      throwOnError: true,
    });
    const changed = await windows.scheduled('rack-x');
    expect(await drain(set.id)).toMatchObject({ window: { opensAt: changed.openings[0] } });
    await cancelDrain({ client: api.admin, path: { id: set.id } });
  });

  test('requires an existing window that covers its nodes', async () => {
    await active('y-1', { pool: 'y' });
    await windows.create({ name: 'only-z', ...NIGHT, labels: ['pool=z'] });
    const begin = (name: string) => createDrain({ client: api.admin, body: { nodes: ['y-1'], window: name } });
    expect((await begin('nowhere')).error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'window' });
    expect((await begin('only-z')).error).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'window' },
      detail: 'window only-z is for nodes with pool=z, and y-1 has no pool=z',
    });
  });
});
