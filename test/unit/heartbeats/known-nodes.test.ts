import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { HeartbeatBuffer } from '../../../src/heartbeats/heartbeat-buffer.js';
import { KnownNodes } from '../../../src/heartbeats/known-nodes.js';
import { summaryOf } from '../../../src/record/node-summary.js';
import { StandingStore, type GoodStanding } from '../../../src/heartbeats/standing-store.js';
import type { AccessTokens } from '../../../src/auth/access-tokens.js';
import { CallerFeed, type ChangedCallers } from '../../../src/auth/caller-feed.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { ManualClock } from '../../support/manual-clock.js';
import { eventually } from '../../support/eventually.js';
import { nodeRecord } from '../../support/api/node-record-fixture.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';

/** Which nodes are known, and for how long, with a clock that the test advances; test/integration/heartbeats/fast-paths.test.ts uses real servers. */

const NOW = 1_000_000;
const FIFTEEN_MINUTES = 900_000;
const record = nodeRecord({ phase: 'ACTIVE', liveness: 'HEALTHY', bootId: 'boot-1' });
const good: GoodStanding = {
  summary: summaryOf(record),
  generation: 1,
  last: { bootId: 'boot-1', seq: 7, lastSeen: NOW, earlierBoots: [] },
};

Logger.overrideLogger(false);

let clock: ManualClock;
let feeds: Subject<ChangedCallers>[];
let known: KnownNodes;
let answer: () => Promise<Map<string, GoodStanding>>;

class HandFeed extends CallerFeed {
  follow() {
    const feed = new Subject<ChangedCallers>();
    feeds.push(feed);
    return feed;
  }
}

class HandStore extends StandingStore {
  read = () => answer();
}

class Ready extends DatabaseProbe {
  ready = Promise.resolve();
  check = () => Promise.resolve();
}

beforeEach(async () => {
  clock = new ManualClock(NOW);
  feeds = [];
  answer = () => Promise.resolve(new Map([[record.uid, good]]));
  const tokens = {
    check: () => Promise.resolve({ uid: record.uid, generation: 1, expiresAt: NOW + FIFTEEN_MINUTES }),
  } as unknown as AccessTokens;
  known = new KnownNodes(
    new HandFeed(),
    new HandStore(),
    tokens,
    { latest: () => undefined } as unknown as HeartbeatBuffer,
    new Ready(),
    clock,
    new MetricRegistry(),
  );
  known.onApplicationBootstrap();
  await eventually(() => expect(feeds).toHaveLength(1));
});

afterEach(() => known.beforeApplicationShutdown());

async function learnt(): Promise<void> {
  feeds[0]?.next([]);
  expect(await known.lookUp('token')).toMatchObject({ last: { seq: 7 }, summary: { name: record.name } });
}

test('a node is known until its record changes, or its token expires', async () => {
  await learnt();
  feeds[0]?.next(['node another', 'token another']);
  expect(known.find('token')).toBeDefined();
  expect(known.find('tokem')).toBeUndefined();
  feeds[0]?.next([`node ${record.uid}`]);
  expect([known.find('token'), known.size]).toEqual([undefined, 0]);
  await learnt();
  clock.advance(FIFTEEN_MINUTES);
  feeds[0]?.next([]);
  expect(known.find('token')).toBeUndefined();
});

test('the stored information of a node is known with its next token too, until its record changes', async () => {
  await learnt();
  const node = known.find('token');
  if (node) node.infoDigest = 'digest';
  expect(await known.lookUp('next token')).toMatchObject({ infoDigest: 'digest' });
  feeds[0]?.next([`node ${record.uid}`]);
  expect((await known.lookUp('next token'))?.infoDigest).toBeUndefined();
});

test('while the feed is late no node is known; afterwards unchanged ones are', async () => {
  await learnt();
  clock.advance(800);
  expect(known.find('token')).toBeDefined();
  clock.advance(1);
  expect(known.find('token')).toBeUndefined();
  feeds[0]?.next([]);
  expect(known.find('token')).toBeDefined();
});

test.each([
  ['breaks', (feed: Subject<ChangedCallers>) => feed.error(new Error('no primary'))],
  ['ends', (feed: Subject<ChangedCallers>) => feed.complete()],
])('when the feed %s all are forgotten, since changes may be missed', async (_title, end) => {
  await learnt();
  end(feeds[0] as Subject<ChangedCallers>);
  expect([known.find('token'), known.size]).toEqual([undefined, 0]);
  await eventually(() => expect(feeds).toHaveLength(2));
  feeds[1]?.next([]);
  expect(known.find('token')).toBeUndefined();
});

test('a node that changes while it is read is not learnt, since the read may be older', async () => {
  feeds[0]?.next([]);
  let finish = (): void => undefined;
  answer = () => new Promise((resolve) => (finish = () => resolve(new Map([[record.uid, good]]))));
  const unset = finish;
  const lookedUp = known.lookUp('token');
  await eventually(() => expect(finish).not.toBe(unset));
  feeds[0]?.next([`node ${record.uid}`]);
  finish();
  expect([await lookedUp, known.size]).toEqual([undefined, 0]);
});

test('a token of an earlier credential, and a node not in good standing, are not learnt', async () => {
  feeds[0]?.next([]);
  for (const found of [new Map([[record.uid, { ...good, generation: 2 }]]), new Map<string, GoodStanding>()]) {
    answer = () => Promise.resolve(found);
    expect([await known.lookUp('token'), known.size]).toEqual([undefined, 0]);
  }
});

test('nodes that arrive together are read together; a failed read is only logged', async () => {
  feeds[0]?.next([]);
  let reads = 0;
  answer = () => {
    reads += 1;
    return Promise.reject(new Error('no primary'));
  };
  expect(await Promise.all([known.lookUp('token'), known.lookUp('token')])).toEqual([undefined, undefined]);
  expect(reads).toBe(1);
  answer = () => Promise.resolve(new Map([[record.uid, good]]));
  await learnt();
});
