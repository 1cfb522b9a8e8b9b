import { describe, expect, test } from '@jest/globals';
import { conditionText, fit, unfit, unknown } from '../../../agent/fitness/check-result.js';
import { ClockOffset } from '../../../agent/fitness/clock-check.js';
import { diskCheck, inodesCheck, readOnlyCheck } from '../../../agent/fitness/filesystem-checks.js';
import { FitnessChecks } from '../../../agent/fitness/fitness-checks.js';
import { SettledStatus } from '../../../agent/fitness/settled-status.js';
import { loadCheck, memoryCheck } from '../../../agent/fitness/strain-checks.js';
import { ToldConditions } from '../../../agent/fitness/told-conditions.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { hurriedClock, StillClock } from '../../support/agent/test-clock.js';
import { eventually } from '../../support/eventually.js';
import { withKernel } from '../../support/agent/kernel-fixture.js';

const never = new AbortController().signal;
const MINUTE_MS = 60_000;

describe('a status counts', () => {
  const bad = unfit('OverLimit', '91 °C');

  test('once it was reported often enough in a row', () => {
    const status = new SettledStatus({ after: 3, forMs: 0 });
    expect(status.take(fit('cool'), 0)).toBe(true);
    expect([status.take(bad, 1), status.take(bad, 2), status.take(fit('cool'), 3)]).toEqual([false, false, false]);
    expect([status.take(bad, 4), status.take(bad, 5), status.take(bad, 6)]).toEqual([false, false, true]);
    expect(status.current).toMatchObject({ status: 'UNFIT', since: 4 });
  });

  test('once it was reported for long enough', () => {
    const status = new SettledStatus({ after: 1, forMs: 100 });
    status.take(fit(''), 0);
    expect([status.take(bad, 10), status.take(bad, 109), status.take(bad, 110)]).toEqual([false, false, true]);
    expect([status.take(fit(''), 120), status.take(fit(''), 220)]).toEqual([false, true]);
  });

  test('at once if it is the first and FIT, but not if it is UNFIT', () => {
    const patience = { after: 2, forMs: 0 };
    expect(new SettledStatus(patience).take(fit(''), 0)).toBe(true);
    const status = new SettledStatus(patience);
    expect([status.take(bad, 0), status.current]).toEqual([false, undefined]);
    expect(status.take(bad, 1)).toBe(true);
  });

  test('again with another reason, but not with other figures in the message', () => {
    const status = new SettledStatus({ after: 1, forMs: 0 });
    status.take(bad, 0);
    expect(status.take(unfit('OverLimit', '92 °C'), 1)).toBe(false);
    expect(status.current?.message).toBe('92 °C');
    expect(status.take(unfit('GpuLost', ''), 2)).toBe(true);
  });
});

test("a condition's text is one line without invisible characters, cut to its bytes between characters", () => {
  expect(conditionText('disk \u001b[31mis\u0007\nfull', 'message')).toBe('disk is full');
  const cut = conditionText('é'.repeat(300), 'message');
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(256);
  expect(cut).toBe('é'.repeat(128));
  expect(conditionText('😀'.repeat(100), 'reason')).toBe('😀'.repeat(16));
});

describe('filesystems', () => {
  const stats = { blocks: 1_000, bavail: 40, files: 100, ffree: 50 };
  const options = { paths: ['/', '/data'], limit: 0.05, timeoutMs: 1_000 };

  test('a path with too little free makes the node unfit', async () => {
    const ask = async (path: string) => ({ ...stats, bavail: path === '/' ? 500 : 40 });
    expect(await diskCheck(options, ask)(never)).toEqual(
      unfit('UnderLimit', '4 % of the space of /data are free, under 5 %'),
    );
    expect(await inodesCheck(options, ask)(never)).toEqual(fit('free inodes: 50 % of /, 50 % of /data'));
  });

  test('an unreadable path, and one without inode counts, are UNKNOWN', async () => {
    const gone = async () => Promise.reject(new Error('ENOENT'));
    expect(await diskCheck(options, gone)(never)).toEqual(unknown('NotRead', '/: ENOENT'));
    expect(await inodesCheck(options, async () => ({ ...stats, files: 0 }))(never)).toMatchObject({
      status: 'UNKNOWN',
      reason: 'NotHere',
    });
  });

  test('a hanging mount is UNKNOWN, and delays nobody', async () => {
    const hung = diskCheck({ ...options, timeoutMs: 10 }, () => new Promise(() => {}));
    expect(await hung(never)).toEqual(unknown('NotRead', '/: statfs has not answered within 0.01 s'));
  });

  test("the innermost mount of a path counts, by its filesystem's options and not the mount's", async () => {
    const mountinfo = [
      '21 1 8:1 / / ro,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
      '30 21 8:2 / /data rw,relatime shared:2 - ext4 /dev/sdb1 ro',
      '31 21 8:3 / /with\\040blank rw - xfs /dev/sdc1 rw',
    ].join('\n');
    await withKernel({ '/proc/self/mountinfo': mountinfo }, async (files) => {
      expect(await readOnlyCheck(['/database', '/with blank/x'], files)(never)).toMatchObject({ status: 'FIT' });
      expect(await readOnlyCheck(['/', '/data/sessions'], files)(never)).toEqual(
        unfit('ReadOnly', 'the filesystem of /data/sessions (/dev/sdb1) is read-only'),
      );
    });
  });
});

test('strain is judged by its limit, and UNKNOWN if the kernel does not measure it', async () => {
  const pressure = 'some avg10=9 avg60=9 avg300=9 total=1\nfull avg10=0.00 avg60=25.50 avg300=1.00 total=2\n';
  await withKernel({ '/proc/pressure/memory': pressure, '/proc/loadavg': '1 17.5 3 1/2 3\n' }, async (files) => {
    expect(await memoryCheck(20, files)(never)).toMatchObject({ status: 'UNFIT', reason: 'OverLimit' });
    expect(await memoryCheck(30, files)(never)).toMatchObject({ status: 'FIT' });
    expect(await loadCheck(4, files, 4)(never)).toEqual(unfit('OverLimit', 'load average 17.5 on 4 cores, over 16'));
    expect(await loadCheck(4, files, 8)(never)).toMatchObject({ status: 'FIT' });
  });
  await withKernel({}, async (files) => {
    expect(await memoryCheck(20, files)(never)).toMatchObject({ status: 'UNKNOWN', reason: 'NotHere' });
    expect(await loadCheck(4, files)(never)).toMatchObject({ status: 'UNKNOWN', reason: 'NotHere' });
  });
});

test("the clock is judged by the api's answers", async () => {
  const clock = new StillClock(1_000_000);
  const offset = new ClockOffset(clock);
  expect(await offset.check(5)(never)).toMatchObject({ status: 'UNKNOWN', reason: 'NotHeard' });
  offset.heard(1_000_000);
  expect(await offset.check(5)(never)).toMatchObject({ status: 'FIT' });
  offset.heard(940_000);
  expect(await offset.check(5)(never)).toEqual(unfit('OverLimit', "60 s ahead of the api's, over 5 s"));
  offset.heard(Number.NaN);
  expect(await offset.check(5)(never)).toMatchObject({ status: 'UNFIT' });
});

describe('heartbeats carry the conditions', () => {
  const clock = new StillClock();
  const checks = { revision: 0, conditions: [] };
  const kept = { conditionsKept: true } as never;
  const old = {} as never;
  let told = new ToldConditions(checks, clock);
  const offers = () => told.offer() !== undefined;

  test('once, and again after each change', () => {
    told = new ToldConditions(checks, clock);
    expect(offers()).toBe(true);
    told.accepted(kept);
    expect(offers()).toBe(false);
    checks.revision += 1;
    expect(offers()).toBe(true);
    told.accepted(kept);
    clock.ms += 59 * MINUTE_MS;
    expect(offers()).toBe(false);
  });

  test('again after an hour, in case the record was set back', () => {
    clock.ms += MINUTE_MS;
    expect([offers(), offers()]).toEqual([true, false]);
    told.accepted(kept);
  });

  test('every minute to an api that does not store them, and again after a lost heartbeat', () => {
    told = new ToldConditions(checks, clock);
    expect(offers()).toBe(true);
    told.accepted(old);
    expect(offers()).toBe(false);
    clock.ms += MINUTE_MS;
    expect(offers()).toBe(true);
    told.lost();
    expect(offers()).toBe(true);
  });
});

const checksOf = (Checks: unknown) =>
  loadConfig({ file: { path: 'agent.yaml', text: JSON.stringify({ Compute: { Checks } }) } }).Compute.Checks;

describe('the configured checks', () => {
  test('run, and their conditions are in the configured order; one without a result is UNKNOWN', async () => {
    const settings = { checks: checksOf(['disk', 'clock']) };
    const stop = new AbortController();
    const fitness = new FitnessChecks({
      settings,
      checkOf: ({ Name }) => ({
        run: () => (Name === 'clock' ? new Promise(() => {}) : Promise.resolve(unfit('UnderLimit', `${Name} is full`))),
        by: 'built-in',
      }),
      clock: hurriedClock(1_000),
      random: () => 0,
      log: new LogRecorder(),
    });
    const said = () => fitness.conditions.map(({ type, status, reason }) => [type, status, reason]);
    expect(said()).toEqual([
      ['disk', 'UNKNOWN', 'NotRunYet'],
      ['clock', 'UNKNOWN', 'NotRunYet'],
    ]);
    const before = fitness.revision;
    void fitness.run(stop.signal);
    await eventually(() => expect(said()[0]).toEqual(['disk', 'UNFIT', 'UnderLimit']));
    expect(fitness.revision).toBe(before + 1);
    stop.abort();
  });

  test('follow a reload; unchanged ones keep their results', async () => {
    const settings = { checks: checksOf(['disk']) };
    const stop = new AbortController();
    let runs = 0;
    const fitness = new FitnessChecks({
      settings,
      checkOf: ({ Name }) => ({
        run: async () => ((runs += 1) > 1 && Name === 'disk' ? new Promise(() => {}) : fit(Name)),
        by: 'built-in',
      }),
      clock: hurriedClock(1_000),
      random: () => 0,
      log: new LogRecorder(),
    });
    const ended = fitness.run(stop.signal);
    await eventually(() => expect(fitness.conditions.map(({ message }) => message)).toEqual(['disk']));
    settings.checks = checksOf([{ BuiltIn: 'inodes', Limit: 0.1 }, 'disk']);
    fitness.reread.ring();
    await eventually(() => expect(fitness.conditions.map(({ type }) => type)).toEqual(['inodes', 'disk']));
    expect(fitness.conditions[1]?.message).toBe('disk');
    stop.abort();
    await ended;
  });

  test.each([
    ['is neither built in nor a program', {}, /Executable/],
    ['is both', { Name: 'both', BuiltIn: 'disk', Executable: '/bin/true' }, /Executable/],
    ['is a program without a name', { Executable: '/bin/true' }, /Name/],
    ['is a program wherever it may be', { Name: 'here', Executable: 'check.sh' }, /begins with \//],
    ['is not there', 'discs', /one of disk, inodes/],
    ['has a limit that it does not know', { BuiltIn: 'read-only', Limit: 1 }, /Limit/],
    ['looks at paths and should not', { BuiltIn: 'load', Paths: ['/'] }, /Paths/],
    ['has no name of a check', { Name: 'No Check', Executable: '/bin/true' }, /lower-case/],
  ])('are refused if one %s', (_, check, why) => {
    expect(() => checksOf([check])).toThrow(why);
  });

  test('are refused if two have the same name', () => {
    expect(() => checksOf(['disk', { BuiltIn: 'disk', Paths: ['/data'] }])).toThrow(/two checks are named disk/);
    expect(checksOf(['disk', { Name: 'data', BuiltIn: 'disk', Paths: ['/data'] }])).toHaveLength(2);
  });
});
