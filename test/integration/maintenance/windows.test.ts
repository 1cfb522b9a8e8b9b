import { describe, expect, test } from '@jest/globals';
import {
  createMaintenanceWindow,
  deleteMaintenanceWindow,
  editMaintenanceWindow,
  listAudit,
  listMaintenanceWindows,
  type MaintenanceWindow,
} from '../../../client/index.js';
import { windowScheduleId } from '../../../contract/maintenance-window.js';
import { WindowKeeper } from '../../../src/maintenance/window-keeper.js';
import { WindowScheduling } from '../../../src/maintenance/window-scheduling.js';
import { WindowSchedules } from '../../../src/maintenance/window-schedules.js';
import { SteadyClock } from '../../../src/mechanics/clock.js';
import { WindowCensus } from '../../../src/reconciliation/window-census.js';
import { WindowStore } from '../../../src/record/window-store.js';
import { useReplicaOf } from '../../support/api/api-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { NIGHT, WINDOW_SETTINGS, WindowsUnderTest } from '../../support/maintenance/windows.js';

const { api, temporal } = useControlPlane(WINDOW_SETTINGS);
/** A replica that Temporal does not answer. */
const cutOff = useReplicaOf(api, { settings: WINDOW_SETTINGS });

const schedule = (name: string) => temporal.env.client.schedule.getHandle(windowScheduleId(name));

const windows = new WindowsUnderTest(api);

/** A reconciler checks all of them, until Temporal has answered in time. */
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
    const night = await windows.create({ name: 'night', ...NIGHT, labels: ['pool=a'], description: 'kernels' });
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
    const open = await windows.create({ name: 'holidays', ...NIGHT });
    const [first = '', second = '', third = ''] = hours(open).map((text) => text.slice(0, 10));
    await editMaintenanceWindow({
      client: api.admin,
      path: { name: 'holidays' },
      body: { version: 1, blackouts: [first, third] },
      throwOnError: true,
    });
    const days = hours(await windows.scheduled('holidays')).map((text) => text.slice(0, 10));
    expect(days).toHaveLength(10);
    expect(days).toEqual(expect.not.arrayContaining([first]));
    expect(days).toEqual(expect.not.arrayContaining([third]));
    expect(days[0]).toBe(second);
  });

  test('opens on days that match both the day of the month and the day of the week', async () => {
    const { openings } = await windows.create({
      name: 'first-saturday',
      cron: '0 2 1-7 * SAT',
      timeZone: 'UTC',
      duration: '1h',
    });
    for (const at of openings) expect([new Date(at).getUTCDay(), new Date(at).getUTCDate() <= 7]).toEqual([6, true]);
    expect(openings.length).toBeGreaterThan(3);
  });

  test('keeps its local time across changes of the clock', async () => {
    const weekly = await windows.create({
      name: 'sundays',
      cron: '30 3 * 3,10 SUN',
      timeZone: 'Europe/Berlin',
      duration: '1h',
    });
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
    await windows.create({ name: 'twice', ...NIGHT });
    const { error } = await createMaintenanceWindow({ client: api.admin, body: { name: 'twice', ...NIGHT } });
    expect(error).toMatchObject({ code: 'WINDOW_NAME_TAKEN', field: 'name' });
    const edit = (body: Parameters<typeof editMaintenanceWindow>[0]['body']) =>
      editMaintenanceWindow({ client: api.admin, path: { name: 'twice' }, body });
    expect((await edit({ version: 1, duration: '2h' })).data).toMatchObject({ version: 2, duration: '2h' });
    await windows.scheduled('twice');
    expect((await edit({ version: 1, duration: '3h' })).error).toMatchObject({ code: 'WINDOW_CHANGED' });
    expect((await edit({ cron: '0 * * * *' })).error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'duration' });
    expect((await schedule('twice').describe()).policies.catchupWindow).toBe(2 * 3_600_000);
  });

  test('is repaired if its schedule was deleted or changed, and its schedule is removed with the record', async () => {
    await windows.create({ name: 'mended', ...NIGHT, blackouts: ['2030-12-24'] });
    await schedule('mended').delete();
    await census();
    const { info, spec } = await schedule('mended').describe();
    expect(info.nextActionTimes).toHaveLength(10);
    await schedule('mended').pause('by hand');
    await schedule('mended').update((found) => ({ ...found, spec: { ...spec, timezone: 'UTC' } }));
    await census();
    const mended = await schedule('mended').describe();
    expect(mended).toMatchObject({ state: { paused: false }, spec: { timezone: 'Europe/Berlin' } });
    // What is right already is left alone.
    await census();
    expect((await schedule('mended').describe()).info.lastUpdatedAt).toEqual(mended.info.lastUpdatedAt);
    const { response } = await deleteMaintenanceWindow({ client: api.admin, path: { name: 'mended' } });
    expect(response?.status).toBe(204);
    // A reconciler that has just read the window may have created its schedule again.
    await eventually(async () => {
      await census();
      await expect(schedule('mended').describe()).rejects.toThrow(/not found/i);
    });
  });

  test('opens late for the rest of its time, but not after its end, on a blackout date, or once it is deleted', async () => {
    await windows.create({ name: 'opening', cron: '0 2 * * *', timeZone: 'UTC', duration: '2h' });
    const keeper = api.app.get(WindowKeeper);
    const open = (agoMs: number) => keeper.open({ name: 'opening', at: now - agoMs });
    const now = Date.now();
    const HOUR = 3_600_000;
    expect(await open(3 * HOUR)).toEqual({ is: 'closed', why: 'its end came before it could open' });
    expect(await open(HOUR)).toEqual({ is: 'open', until: now + HOUR });
    expect(await open(HOUR)).toEqual({ is: 'open', until: now + HOUR });
    expect((await windows.read('opening')).openUntil).toBe(new Date(now + HOUR).toISOString());
    // An opening that precedes the present one.
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
    expect((await windows.scheduled('late')).openings).toHaveLength(10);
    await deleteMaintenanceWindow({ client: cutOff.admin, path: { name: 'late' } });
    await eventually(async () => {
      await census();
      await expect(schedule('late').describe()).rejects.toThrow(/not found/i);
    });
  });
});

test('the command creates, changes, describes and deletes windows', async () => {
  await windows.cli(
    'maintenance',
    'window',
    'create',
    'by-hand',
    '--cron',
    '0 2 * * SAT',
    '--zone',
    'UTC',
    '--for',
    '4h',
  );
  await windows.cli('maintenance', 'window', 'edit', 'by-hand', '--blackout', '2030-12-24,2030-12-31', '-l', 'pool=a');
  const text = await windows.cli('maintenance', 'window', 'describe', 'by-hand');
  expect(text).toMatch(/^Opens +0 2 \* \* SAT, by clocks of UTC, for 4h$/m);
  expect(text).toMatch(/^Not on +2030-12-24, 2030-12-31$/m);
  expect(text).toMatch(/^Nodes +those with pool=a$/m);
  await windows.cli('maintenance', 'window', 'delete', 'by-hand', '--yes');
  const { data } = await listMaintenanceWindows({ client: api.admin });
  expect(data?.items.map(({ name }) => name)).not.toContain('by-hand');
});
