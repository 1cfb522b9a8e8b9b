import { afterEach, describe, expect, test } from '@jest/globals';
import { AwsNotices } from '../../../agent/cloud-notices/aws-notices.js';
import { AzureNotices } from '../../../agent/cloud-notices/azure-notices.js';
import type { NoticeSource } from '../../../agent/cloud-notices/cloud-notice.js';
import { GcpNotices } from '../../../agent/cloud-notices/gcp-notices.js';
import { NoticeWatch } from '../../../agent/cloud-notices/notice-watch.js';
import type { DrainCause } from '../../../agent/availability/drain-note.js';
import type { DrainWish } from '../../../agent/availability/own-drain.js';
import { Unavailable } from '../../../agent/control-plane/control-plane.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { AwsMetadata, AzureMetadata, GcpMetadata, type MetadataServer } from '../../support/agent/metadata-server.js';
import { hurriedClock } from '../../support/agent/test-clock.js';
import { eventually } from '../../support/eventually.js';

/** Providers' notices, read from servers on loopback that follow their documentation. */

const never = new AbortController().signal;
const NOW = Date.parse('2026-11-29T12:00:00Z');
const servers: MetadataServer[] = [];

async function started<Server extends MetadataServer>(server: Server): Promise<Server> {
  await server.start();
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

describe('AWS', () => {
  const INTERRUPTION = '/latest/meta-data/spot/instance-action';
  const REBALANCE = '/latest/meta-data/events/recommendations/rebalance';
  const begin = async () => {
    const server = await started(new AwsMetadata());
    return { server, notices: new AwsNotices(server.url, () => performance.now()) };
  };

  test('reads an interruption with one token for all requests, and prefers it to a recommendation', async () => {
    const { server, notices } = await begin();
    expect(await notices.read(never)).toBeUndefined();
    server.say(REBALANCE, { noticeTime: '2026-11-29T11:58:00Z' });
    expect(await notices.read(never)).toMatchObject({ key: 'rebalance', says: expect.stringContaining('recommends') });
    server.say(INTERRUPTION, { action: 'terminate', time: '2026-11-29T12:02:00Z' });
    expect(await notices.read(never)).toEqual({
      key: 'interruption 2026-11-29T12:02:00Z',
      says: 'AWS will terminate this spot instance',
      at: NOW + 120_000,
    });
    expect(server.asked.filter((asked) => asked.startsWith('PUT'))).toHaveLength(1);
  });

  test('replaces a token that is no longer valid', async () => {
    const { server, notices } = await begin();
    await notices.read(never);
    server.generation = 2;
    server.say(INTERRUPTION, { action: 'stop', time: '2026-11-29T12:02:00Z' });
    expect(await notices.read(never)).toMatchObject({ says: 'AWS will stop this spot instance' });
  });

  test.each([
    ['is no JSON', 'soon'],
    ['names no time', { action: 'terminate', time: 'soon' }],
    ['is a failure', { status: 500 }],
  ])('ignores an answer that %s', async (_, said) => {
    const { server, notices } = await begin();
    server.say(INTERRUPTION, said);
    await expect(notices.read(never)).rejects.toThrow();
  });
});

describe('Google Cloud', () => {
  const PREEMPTED = '/computeMetadata/v1/instance/preempted';
  const MAINTENANCE = '/computeMetadata/v1/instance/maintenance-event';

  test('gives a preemption thirty seconds and a terminating maintenance a minute, from when it was first seen', async () => {
    const server = await started(new GcpMetadata());
    let now = NOW;
    const notices = new GcpNotices(server.url, () => now);
    server.say(PREEMPTED, 'FALSE');
    server.say(MAINTENANCE, 'NONE');
    expect(await notices.read(never)).toBeUndefined();
    server.say(MAINTENANCE, 'MIGRATE_ON_HOST_MAINTENANCE');
    expect(await notices.read(never)).toBeUndefined();
    server.say(MAINTENANCE, 'TERMINATE_ON_HOST_MAINTENANCE');
    expect(await notices.read(never)).toMatchObject({ key: 'maintenance', at: NOW + 60_000 });
    now += 5_000;
    expect(await notices.read(never)).toMatchObject({ at: NOW + 60_000 });
    server.say(PREEMPTED, 'TRUE');
    expect(await notices.read(never)).toMatchObject({ key: 'preemption', at: now + 30_000 });
  });

  test('ignores answers of other servers', async () => {
    const server = await started(new AzureMetadata());
    await expect(new GcpNotices(server.url, () => NOW).read(never)).rejects.toThrow('not as its provider documents it');
  });
});

describe('Azure', () => {
  const NAME = '/metadata/instance/compute/name?api-version=2021-02-01&format=text';
  const EVENTS = '/metadata/scheduledevents?api-version=2020-07-01';
  const event = (more: object) => ({
    EventId: 'e1',
    EventType: 'Reboot',
    ResourceType: 'VirtualMachine',
    Resources: ['pool_1'],
    EventStatus: 'Scheduled',
    NotBefore: 'Sun, 29 Nov 2026 12:15:00 GMT',
    Description: '',
    EventSource: 'Platform',
    DurationInSeconds: -1,
    ...more,
  });
  const read = async (...Events: object[]) => {
    const server = await started(new AzureMetadata());
    server.say(NAME, 'pool_1');
    server.say(EVENTS, { DocumentIncarnation: 3, Events });
    return new AzureNotices(server.url, () => NOW).read(never);
  };

  test('reports the first of several events that end this machine', async () => {
    const first = event({ EventId: 'e2', EventType: 'Preempt', NotBefore: 'Sun, 29 Nov 2026 12:00:30 GMT' });
    expect(await read(event({}), first)).toEqual({
      key: 'e2',
      says: 'Azure takes this spot machine away',
      at: NOW + 30_000,
    });
  });

  test('an event that has begun happens now', async () => {
    expect(await read(event({ EventStatus: 'Started', NotBefore: '' }))).toMatchObject({ at: NOW });
  });

  test.each([
    ['other machines', { Resources: ['pool_2'] }],
    ['pauses', { EventType: 'Freeze' }],
    ['kinds that nobody knows', { EventType: 'constructor' }],
  ])('ignores events that %s', async (_, more) => {
    expect(await read(event(more))).toBeUndefined();
  });

  test('ignores a document without events', async () => {
    const server = await started(new AzureMetadata());
    server.say(NAME, 'pool_1');
    server.say(EVENTS, {});
    await expect(new AzureNotices(server.url, () => NOW).read(never)).rejects.toThrow('has none');
  });
});

describe('a metadata server', () => {
  test.each(['hang', 'flood'] as const)('that would %s is left', async (fault) => {
    const server = await started(new GcpMetadata());
    server.say('/computeMetadata/v1/instance/preempted', { fault });
    await expect(new GcpNotices(server.url, () => NOW).read(never)).rejects.toThrow(
      fault === 'hang' ? 'no answer within 2 s' : 'longer than',
    );
  });

  test('is reached without the proxy of the environment', async () => {
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    try {
      const server = await started(new GcpMetadata());
      server.say('/computeMetadata/v1/instance/preempted', 'TRUE');
      expect(await new GcpNotices(server.url, () => NOW).read(never)).toMatchObject({ key: 'preemption' });
    } finally {
      delete process.env['HTTP_PROXY'];
    }
  });
});

describe('a node with a cloud notice', () => {
  /** Its decisions as text; `failures` are thrown first. */
  function watched(source: NoticeSource, cause?: DrainCause) {
    const decided: (DrainWish & { cause: DrainCause; verb: string })[] = [];
    const failures: Error[] = [];
    const stop = new AbortController();
    const log = new LogRecorder();
    const decide = (verb: string, of: DrainCause, wish: DrainWish) => {
      const failure = failures.shift();
      if (failure) throw failure;
      decided.push({ verb, cause: of, ...wish });
    };
    const watch = new NoticeWatch({
      source,
      drain: {
        untilJoined: async () => undefined,
        cause: async () => cause,
        begin: async (of: DrainCause, wish: DrainWish) => decide('drain', of, wish) as never,
        end: async (of: DrainCause, reason: string) => decide('resume', of, { reason }) as never,
      },
      intervalMs: 5_000,
      clock: { ...hurriedClock(200), now: () => NOW },
      random: Math.random,
      log,
    });
    const ended = watch.run(stop.signal);
    return { decided, failures, log, end: () => (stop.abort(), ended) };
  }

  test("is drained once, with the notice's deadline, and comes back when it is withdrawn", async () => {
    const server = await started(new AwsMetadata());
    const path = '/latest/meta-data/spot/instance-action';
    server.say(path, { action: 'terminate', time: '2026-11-29T12:02:00Z' });
    const node = watched(new AwsNotices(server.url, () => performance.now()));
    const looks = () => server.asked.filter((asked) => asked.includes('instance-action')).length;
    await eventually(() => expect(looks()).toBeGreaterThan(3));
    expect(node.decided).toEqual([
      {
        verb: 'drain',
        cause: 'notice',
        reason: 'AWS will terminate this spot instance',
        deadlineMs: 115_000,
        onDeadline: 'terminate',
      },
    ]);
    server.unsay(path);
    await eventually(() => expect(node.decided.at(-1)).toMatchObject({ verb: 'resume', cause: 'notice' }));
    await node.end();
    expect(node.decided).toHaveLength(2);
  });

  test('is drained when its api is reachable again', async () => {
    const node = watched({ read: async () => ({ key: 'k', says: 'the end is near' }) });
    node.failures.push(new Unavailable('away'), new Unavailable('away'));
    await eventually(() =>
      expect(node.decided).toEqual([{ verb: 'drain', cause: 'notice', reason: 'the end is near' }]),
    );
    await node.end();
  });

  test('comes back when an earlier process drained it for a notice that no longer stands', async () => {
    const node = watched({ read: async () => undefined }, 'notice');
    await eventually(() => expect(node.decided.length).toBeGreaterThan(0));
    await node.end();
    expect(node.decided[0]).toMatchObject({ verb: 'resume', cause: 'notice' });
  });

  test("stays as it is while the notice's state is unknown, which is logged once", async () => {
    let reads = 0;
    const node = watched({
      read: async () => {
        reads += 1;
        throw new Error('the metadata server is away');
      },
    });
    await eventually(() => expect(reads).toBeGreaterThan(3));
    await node.end();
    expect(node.decided).toEqual([]);
    expect(node.log.lines).toHaveLength(1);
  });
});
