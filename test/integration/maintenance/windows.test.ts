import { describe, expect, test } from '@jest/globals';
import {
  cancelDrain,
  createDrain,
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  editMaintenanceWindow,
  editNode,
  getDrain,
  getMaintenanceWindow,
  getNode,
  listAudit,
  listMaintenance,
  listMaintenanceWindows,
  type CreateMaintenanceWindowRequest,
  type MaintenanceWindow,
} from '../../../client/index.js';
import { windowScheduleId } from '../../../contract/maintenance-window.js';
import { run } from '../../../cli/run.js';
import { WindowKeeper } from '../../../src/maintenance/window-keeper.js';
import { WindowScheduling } from '../../../src/maintenance/window-scheduling.js';
import { WindowSchedules } from '../../../src/maintenance/window-schedules.js';
import { SteadyClock } from '../../../src/mechanics/clock.js';
import { WindowCensus } from '../../../src/reconciliation/window-census.js';
import { WindowStore } from '../../../src/record/window-store.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { useReplicaOf } from '../../support/api/api-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';
import { eventually } from '../../support/eventually.js';

// Nobody beats here but to report: silence is of no matter.
const settings = {
  'Orchestrator.NodeManager.DisconnectTimeout': '1h',
  'Orchestrator.Temporal.WebUI': 'http://temporal.test',
};
const { api, temporal } = useControlPlane(settings);
/** A replica that Temporal does not answer. */
const cutOff = useReplicaOf(api, { settings });

const NIGHT = { cron: '0 2 * * *', timeZone: 'Europe/Berlin', duration: '4h' };
const schedule = (name: string) => temporal.env.client.schedule.getHandle(windowScheduleId(name));

/** As it is once Temporal has its schedule: mostly at once. */
async function made(body: CreateMaintenanceWindowRequest): Promise<MaintenanceWindow> {
  const { error } = await createMaintenanceWindow({ client: api.admin, body });
  if (error) throw new Error(JSON.stringify(error));
  return scheduled(body.name);
}

const scheduled = (name: string) =>
  eventually(async () => {
    const found = await windowNow(name);
    expect(found).toMatchObject({ scheduled: true, problem: '' });
    return found;
  });

const windowNow = async (name: string) =>
  (await getMaintenanceWindow({ client: api.admin, path: { name }, throwOnError: true })).data;

/** A reconciler looks at all of them, until Temporal has answered in time. */
const census = () =>
  eventually(() => {
    const { app } = api;
    const parts = [app.get(WindowStore), app.get(WindowScheduling), app.get(WindowSchedules)] as const;
    return new WindowCensus(...parts, new SteadyClock()).pass();
  });

const hours = (window: MaintenanceWindow) =>
  window.openings.map((at) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: window.timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
      Date.parse(at),
    ),
  );

describe('a maintenance window', () => {
  test('is a schedule of Temporal, and shows when it opens', async () => {
    const night = await made({ name: 'night', ...NIGHT, labels: ['pool=a'], description: 'kernels' });
    expect(night).toMatchObject({
      ...{ name: 'night', version: 1, scheduled: true, problem: '', openUntil: null, waiting: [], createdBy: 'admin' },
      schedule: { id: 'window-night', url: 'http://temporal.test/namespaces/default/schedules/window-night' },
    });
    expect(night.openings).toHaveLength(10);
    expect(hours(night)).toEqual(night.openings.map(() => expect.stringMatching(/ 02:00$/)));
    const { spec, policies, state, info } = await schedule('night').describe();
    expect(spec.timezone).toBe('Europe/Berlin');
    expect(policies).toMatchObject({ overlap: 'ALLOW_ALL', catchupWindow: 4 * 3_600_000 });
    expect(state).toMatchObject({ paused: false, note: 'Maintenance window night, open for 4h' });
    expect(info.nextActionTimes.map((time) => time.toISOString())).toEqual(night.openings);
    const { data: audit } = await listAudit({ client: api.admin, query: { type: ['WindowCreated'] } });
    expect(audit?.items[0]).toMatchObject({ by: 'admin', reason: 'window night, 0 2 * * * Europe/Berlin: kernels' });
  });

  test('does not open on its blackout dates', async () => {
    const open = await made({ name: 'holidays', ...NIGHT });
    const [first = '', second = '', third = ''] = hours(open).map((text) => text.slice(0, 10));
    await editMaintenanceWindow({
      client: api.admin,
      path: { name: 'holidays' },
      body: { version: 1, blackouts: [first, third] },
      throwOnError: true,
    });
    const days = hours(await scheduled('holidays')).map((text) => text.slice(0, 10));
    expect(days).toHaveLength(10);
    expect(days).toEqual(expect.not.arrayContaining([first]));
    expect(days).toEqual(expect.not.arrayContaining([third]));
    expect(days[0]).toBe(second);
  });

  test('opens on days that match both the day of the month and the day of the week', async () => {
    const { openings } = await made({ name: 'first-saturday', cron: '0 2 1-7 * SAT', timeZone: 'UTC', duration: '1h' });
    for (const at of openings) expect([new Date(at).getUTCDay(), new Date(at).getUTCDate() <= 7]).toEqual([6, true]);
    expect(openings.length).toBeGreaterThan(3);
  });

  test('keeps its local time across changes of the clock', async () => {
    const weekly = await made({ name: 'sundays', cron: '30 3 * 3,10 SUN', timeZone: 'Europe/Berlin', duration: '1h' });
    expect(hours(weekly)).toEqual(weekly.openings.map(() => expect.stringMatching(/ 03:30$/)));
    expect(new Set(weekly.openings.map((at) => at.slice(11))).size).toBe(2);
  });

  test.each([
    [{ cron: '0 25 * * *' }, 'cron', /has no hour in “25”/],
    [{ timeZone: 'Europe/Nowhere' }, 'timeZone', /there is no such time zone/],
    [{ duration: '25h' }, 'duration', /is longer than the time from one opening to the next/],
    [{ duration: '30d' }, 'duration', /a duration from 1m to 7d/],
    [{ cron: '0 2 30 2 *' }, 'cron', /names a day that never comes/],
    [{ blackouts: ['2026-02-30'] }, 'blackouts.0', /a day is written as 2026-12-24/],
    [{ name: 'Night' }, 'name', /lower-case/],
  ])('with %o is refused in a sentence', async (fault, field, says) => {
    const { error } = await createMaintenanceWindow({ client: api.admin, body: { name: 'wrong', ...NIGHT, ...fault } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field, detail: expect.stringMatching(says) });
  });

  test('has a unique name, and is changed only by callers who know its present state', async () => {
    await made({ name: 'twice', ...NIGHT });
    const { error } = await createMaintenanceWindow({ client: api.admin, body: { name: 'twice', ...NIGHT } });
    expect(error).toMatchObject({ code: 'WINDOW_NAME_TAKEN', field: 'name' });
    const edit = (body: Parameters<typeof editMaintenanceWindow>[0]['body']) =>
      editMaintenanceWindow({ client: api.admin, path: { name: 'twice' }, body });
    expect((await edit({ version: 1, duration: '2h' })).data).toMatchObject({ version: 2, duration: '2h' });
    await scheduled('twice');
    expect((await edit({ version: 1, duration: '3h' })).error).toMatchObject({ code: 'WINDOW_CHANGED' });
    expect((await edit({ cron: '0 * * * *' })).error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'duration' });
    expect((await schedule('twice').describe()).policies.catchupWindow).toBe(2 * 3_600_000);
  });

  test('is repaired if its schedule was deleted or changed, and its schedule is removed with the record', async () => {
    await made({ name: 'mended', ...NIGHT, blackouts: ['2030-12-24'] });
    await schedule('mended').delete();
    await census();
    const { info, spec } = await schedule('mended').describe();
    expect(info.nextActionTimes).toHaveLength(10);
    await schedule('mended').pause('by hand');
    await schedule('mended').update((found) => ({ ...found, spec: { ...spec, timezone: 'UTC' } }));
    await census();
    const mended = await schedule('mended').describe();
    expect(mended).toMatchObject({ state: { paused: false }, spec: { timezone: 'Europe/Berlin' } });
    // What is as it is to be is left alone.
    await census();
    expect((await schedule('mended').describe()).info.lastUpdatedAt).toEqual(mended.info.lastUpdatedAt);
    const { response } = await deleteMaintenanceWindow({ client: api.admin, path: { name: 'mended' } });
    expect(response?.status).toBe(204);
    // A reconciler that has read the window just before may have made its schedule again.
    await eventually(async () => {
      await census();
      await expect(schedule('mended').describe()).rejects.toThrow(/not found/i);
    });
  });

  test('opens late for the rest of its time, but not after its end, on a blackout date, or once it is deleted', async () => {
    await made({ name: 'opening', cron: '0 2 * * *', timeZone: 'UTC', duration: '2h' });
    const keeper = api.app.get(WindowKeeper);
    const open = (agoMs: number) => keeper.open({ name: 'opening', at: now - agoMs });
    const now = Date.now();
    const HOUR = 3_600_000;
    expect(await open(3 * HOUR)).toEqual({ is: 'closed', why: 'its end came before it could open' });
    expect(await open(HOUR)).toEqual({ is: 'open', until: now + HOUR });
    expect(await open(HOUR)).toEqual({ is: 'open', until: now + HOUR });
    expect((await windowNow('opening')).openUntil).toBe(new Date(now + HOUR).toISOString());
    // What was to open before what is open.
    expect(await open(1.5 * HOUR)).toMatchObject({ is: 'closed' });
    await editMaintenanceWindow({
      client: api.admin,
      path: { name: 'opening' },
      body: { blackouts: [new Date(now).toISOString().slice(0, 10)] },
      throwOnError: true,
    });
    expect(await open(0)).toEqual({ is: 'closed', why: 'it does not open on this day' });
    await deleteMaintenanceWindow({ client: api.admin, path: { name: 'opening' } });
    expect(await open(0)).toEqual({ is: 'closed', why: 'it was deleted' });
  });

  test('is created and deleted while Temporal is away, and says so', async () => {
    const { data: late } = await createMaintenanceWindow({ client: cutOff.admin, body: { name: 'late', ...NIGHT } });
    expect(late).toMatchObject({ scheduled: false, problem: 'Temporal does not answer', openings: [] });
    expect((await scheduled('late')).openings).toHaveLength(10);
    await deleteMaintenanceWindow({ client: cutOff.admin, path: { name: 'late' } });
    await eventually(async () => {
      await census();
      await expect(schedule('late').describe()).rejects.toThrow(/not found/i);
    });
  });
});

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
    const made4 = await made({ name: 'rack-w', ...NIGHT, labels: ['pool=w'], description: 'new disks' });
    const { data: set } = await createDrain({
      client: api.admin,
      body: { labels: ['pool=w'], window: 'rack-w' },
      throwOnError: true,
    });
    const waits = { name: 'rack-w', waiting: true, openUntil: null, opensAt: made4.openings[0] };
    expect(set).toMatchObject({ state: 'RUNNING', window: waits });
    await eventually(async () =>
      expect(await drain(set.id)).toMatchObject({ ruling: { applied: true }, window: waits }),
    );
    expect(await node('w-1')).toMatchObject({ phase: 'ACTIVE' });
    const { data: calendar } = await listMaintenance({ client: api.admin, query: { limit: 1_000 } });
    const entries = calendar?.items.filter((entry) => entry.window?.name === 'rack-w') ?? [];
    expect(entries).toHaveLength(10);
    expect(entries[0]).toMatchObject({
      ...{ state: 'planned', at: made4.openings[0], reason: 'new disks', drain: null },
      window: { waiting: [{ id: set.id, kind: 'drain' }] },
      nodes: { count: 2, names: ['w-1', 'w-2'] },
    });
    expect(entries[1]).toMatchObject({ window: { waiting: [] }, nodes: { count: 0 } });
    expect(await windowNow('rack-w')).toMatchObject({ waiting: [{ id: set.id, kind: 'drain' }] });
    expect(await cli('drain', 'describe', set.id)).toContain(
      `waiting for the window rack-w, which opens at ${made4.openings[0]}`,
    );
    expect(await cli('drain', 'list')).toContain('RUNNING, waits for rack-w');
    expect(await cli('maintenance', 'window', 'list')).toMatch(/^rack-w +0 2 \* \* \* +Europe\/Berlin +4h +opens in /m);
    expect(await cli('maintenance', 'list')).toMatch(new RegExp(` w-1,w-2 +${set.id} +rack-w `));
    const { error } = await deleteMaintenanceWindow({ client: api.admin, path: { name: 'rack-w' } });
    expect(error).toMatchObject({ code: 'WINDOW_IN_USE', detail: expect.stringContaining(set.id) });

    await schedule('rack-w').trigger();
    await eventually(async () => expect(await node('w-1')).toMatchObject({ phase: 'DRAINING' }));
    const opened = await windowNow('rack-w');
    expect(Date.parse(opened.openUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await drain(set.id)).toMatchObject({ window: { waiting: false, openUntil: opened.openUntil } });
    await cancelDrain({ client: api.admin, path: { id: set.id } });
    await eventually(async () => expect(await drain(set.id)).toMatchObject({ state: 'CANCELLED' }));
    expect((await deleteMaintenanceWindow({ client: api.admin, path: { name: 'rack-w' } })).response?.status).toBe(204);
  });

  test('with a later beginning waits for the first opening after that, and is listed at both', async () => {
    await active('v-1', { pool: 'v' });
    const { openings } = await made({ name: 'rack-v', ...NIGHT });
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
    await made({ name: 'rack-u', ...NIGHT });
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
    await made({ name: 'rack-x', ...NIGHT });
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
    const changed = await scheduled('rack-x');
    expect(await drain(set.id)).toMatchObject({ window: { opensAt: changed.openings[0] } });
    await cancelDrain({ client: api.admin, path: { id: set.id } });
  });

  test('requires an existing window that covers its nodes', async () => {
    await active('y-1', { pool: 'y' });
    await made({ name: 'only-z', ...NIGHT, labels: ['pool=z'] });
    const begin = (name: string) => createDrain({ client: api.admin, body: { nodes: ['y-1'], window: name } });
    expect((await begin('nowhere')).error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'window' });
    expect((await begin('only-z')).error).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'window' },
      detail: 'window only-z is for nodes with pool=z, and y-1 has no pool=z',
    });
  });
});

async function cli(...words: string[]): Promise<string> {
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: api.adminToken } });
  expect(await run(words, terminal, new AbortController().signal)).toBe(0);
  return terminal.out();
}

test('the command creates, changes, describes and deletes windows', async () => {
  await cli('maintenance', 'window', 'create', 'by-hand', '--cron', '0 2 * * SAT', '--zone', 'UTC', '--for', '4h');
  await cli('maintenance', 'window', 'edit', 'by-hand', '--blackout', '2030-12-24,2030-12-31', '-l', 'pool=a');
  const text = await cli('maintenance', 'window', 'describe', 'by-hand');
  expect(text).toMatch(/^Opens +0 2 \* \* SAT, by clocks of UTC, for 4h$/m);
  expect(text).toMatch(/^Not on +2030-12-24, 2030-12-31$/m);
  expect(text).toMatch(/^Nodes +those with pool=a$/m);
  await cli('maintenance', 'window', 'delete', 'by-hand', '--yes');
  const { data } = await listMaintenanceWindows({ client: api.admin });
  expect(data?.items.map(({ name }) => name)).not.toContain('by-hand');
});
