import { readdir } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OwnAvailability, OwnAvailabilityRequest } from '../../../client/index.js';
import { drainBeforeEnd } from '../../../agent/availability/drain-before-end.js';
import { DrainNoteFile, type DrainCause } from '../../../agent/availability/drain-note.js';
import { OwnDrain, whyNotDecided } from '../../../agent/availability/own-drain.js';
import { Refused, Unavailable } from '../../../agent/control-plane/control-plane.js';
import type { Membership } from '../../../agent/membership/membership.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { StillClock } from '../../support/agent/test-clock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const never = new AbortController().signal;
const memberAs = (id: string, uid: string) =>
  ({
    registration: { id, uid },
    call: (make: (accessToken: string) => unknown) => make('token'),
  }) as unknown as Membership;
const membership = memberAs('node-1', 'u1');

const seen = (availability: OwnAvailability['availability'], own = availability !== 'ACTIVE'): OwnAvailability => ({
  availability,
  own,
  since: '2026-11-29T00:00:00.000Z',
  reason: '',
  by: own ? 'agent:node-1' : 'ana',
  deadline: null,
  sessions: 0,
});
const taken = new Refused(
  409,
  { code: 'NODE_TAKEN_OUT_BY_OTHERS', detail: 'node node-1 was taken out by somebody else' },
  0,
);
const unknownRoute = new Refused(404, { code: 'NOT_FOUND', detail: 'there is no such address' }, 0);

let folder: string;
let log: LogRecorder;
let wishes: OwnAvailabilityRequest[];
let answers: (OwnAvailability | Error)[];
let clock: StillClock;

beforeEach(async () => {
  folder = await temporaryFolder();
  log = new LogRecorder();
  clock = new StillClock();
  wishes = [];
  answers = [];
});

function answer(): OwnAvailability {
  const next = answers.shift();
  if (next === undefined) throw new Error('nothing more was to be asked');
  if (next instanceof Error) throw next;
  return next;
}

/** What a newly started agent would read. */
async function ownDrain(bringsBack: DrainCause[] = ['shutdown'], as = membership): Promise<OwnDrain> {
  const drain = new OwnDrain({
    plane: {
      decideAvailability: async (_token, wish) => {
        wishes.push(wish);
        return answer();
      },
      ownAvailability: async () => answer(),
    },
    note: new DrainNoteFile(folder, log),
    bringsBack,
    clock,
    random: () => 0.5,
    log,
  });
  await drain.run(as, never);
  return drain;
}

describe('a node that took itself out', () => {
  test.each<[DrainCause, OwnAvailabilityRequest['value'][]]>([
    ['shutdown', ['DRAINED', 'ACTIVE']],
    ['command', ['DRAINED']],
    ['notice', ['DRAINED']],
  ])('for a %s is brought back by the next start where that is over: %j', async (cause, expected) => {
    answers = [seen('DRAINED'), seen('ACTIVE')];
    await (await ownDrain()).begin(cause, {}, never);
    await ownDrain();
    expect(wishes.map(({ value }) => value)).toEqual(expected);
  });

  test('is brought back once it is heard', async () => {
    answers = [seen('DRAINED'), new Unavailable('away'), new Unavailable('away'), seen('ACTIVE')];
    await (await ownDrain()).begin('shutdown', {}, never);
    await ownDrain();
    expect(answers).toEqual([]);
    await ownDrain();
    expect(await readdir(folder)).toEqual([]);
  });

  test('is left as it is where somebody else took it out meanwhile, and that is said once', async () => {
    answers = [seen('DRAINED'), taken];
    await (await ownDrain()).begin('shutdown', {}, never);
    await ownDrain();
    await ownDrain();
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('by command stays out, whatever ends besides', async () => {
    answers = [seen('DRAINED'), seen('DRAINED')];
    const drain = await ownDrain();
    await drain.begin('command', { reason: 'new disk' }, never);
    await drain.begin('shutdown', {}, never);
    expect(await drain.end('notice', 'withdrawn', never)).toBeUndefined();
    await ownDrain();
    expect(await drain.cause()).toBe('command');
  });

  test('is another one in the same folder with another identity', async () => {
    answers = [seen('DRAINED')];
    await (await ownDrain()).begin('shutdown', {}, never);
    await ownDrain(['shutdown'], memberAs('node-2', 'u2'));
    expect(wishes).toHaveLength(1);
  });

  test('notes nothing where others had taken it out before', async () => {
    answers = [seen('DRAINED', false)];
    await (await ownDrain()).begin('shutdown', {}, never);
    expect(await readdir(folder)).toEqual([]);
  });

  test('says in one sentence that its api knows nothing of it', async () => {
    answers = [unknownRoute];
    const drain = await ownDrain();
    await expect(drain.begin('command', {}, never)).rejects.toBe(unknownRoute);
    expect(whyNotDecided(unknownRoute)).toMatch(/^its api is of an earlier version, .*rollcall node deactivate/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('has decided nothing before it has joined', async () => {
    const drain = new OwnDrain({
      plane: {} as never,
      note: new DrainNoteFile(folder, log),
      bringsBack: [],
      clock,
      random: Math.random,
      log,
    });
    await expect(drain.begin('command', {}, never)).rejects.toThrow('has not joined');
  });
});

describe('before an agent ends', () => {
  const before = async (deadlineMs: number, hasSessions = true) =>
    drainBeforeEnd(
      { drain: await ownDrain(), hasSessions: () => hasSessions, clock, random: () => 0.5, log },
      deadlineMs,
      'SIGTERM',
      never,
    );

  test('its node is drained, with what is left of the time', async () => {
    answers = [seen('DRAINING'), seen('DRAINING'), seen('DRAINED')];
    await before(60_000);
    expect(wishes).toEqual([
      { value: 'DRAINED', reason: 'its agent stops: SIGTERM', deadlineMs: 60_000, onDeadline: 'terminate' },
    ]);
    expect(log.text).toContain('node-1 is drained');
  });

  test('nobody waits for an api that is away where no session runs', async () => {
    answers = [new Unavailable('away')];
    await before(60_000, false);
    expect(log.text).toContain('stops undrained, with no session left: away');
  });

  test('an api that is away is asked again while sessions run, until the time is up', async () => {
    answers = Array.from({ length: 1_000 }, () => new Unavailable('away'));
    await before(60_000);
    expect(clock.ms).toBeGreaterThanOrEqual(60_000);
    expect(clock.ms).toBeLessThan(70_000);
    expect(log.text).toContain('its 1m are over');
  });

  test('an api of the version before does not hold it up', async () => {
    answers = [unknownRoute];
    await before(60_000);
    expect(log.text).toContain('stops undrained: its api is of an earlier version');
  });

  test('whoever brings the node back meanwhile is not waited for', async () => {
    answers = [seen('DRAINING'), seen('ACTIVE')];
    await before(60_000);
    expect(log.text).toContain('node-1 stops undrained: ana brought it back');
  });
});
