import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { getCluster } from '../../../client/index.js';
import { NODE_SORTS } from '../../../contract/node-order.js';
import { simulatedFleet } from '../../support/simulated-fleet.js';
import { useApi } from '../../support/api/api-under-test.js';

/**
 * The page's requests for a fleet of 20,000, over HTTP. That they are quick is shown by what MongoDB reads, which does not depend on other
 * load of the machine. ROLLCALL_FIGURES=FILE writes the durations.
 */

const SIZE = 20_000;
const TIMES = process.env['ROLLCALL_FIGURES'] === undefined ? 1 : 9;
/** Maximum number of documents that MongoDB may read for a request: some for each of the hundred that are shown. */
const MOST_DOCUMENTS = 7_000;
/** Maximum number of index keys: all of them twice, for text that is searched and counted. */
const MOST_KEYS = 2.5 * SIZE;

/** Nodes stay healthy for as long as the test may take. */
const AHEAD_MS = 3_600_000;

const api = useApi({ settings: { 'Compute.Heartbeat.Interval': '15s' } });
let db: mongo.Db;
const figures: string[] = [];

beforeAll(async () => {
  db = api.app.get<Connection>(getConnectionToken()).db as mongo.Db;
  const fleet = simulatedFleet(SIZE, { heardAt: Date.now() + AHEAD_MS });
  await db.collection('nodes').insertMany(fleet.nodes as never[]);
  await db.collection('heartbeats').insertMany(fleet.heartbeats as never[]);
  await db.command({ profile: 2 });
});
afterAll(async () => {
  if (process.env['ROLLCALL_FIGURES']) writeFileSync(process.env['ROLLCALL_FIGURES'], figures.join('\n'));
});

interface List {
  items: {
    id: string;
    phase: string;
    liveness: { value: string };
    labels: Record<string, string>;
    activeSessions: number;
    lastHeartbeat: string | null;
    warning: boolean;
  }[];
  nextCursor: string | null;
  total: number | null;
}

async function ask(query: string): Promise<List> {
  const answer = await api.raw(`/v1/nodes?limit=100&${query}`, {
    headers: { authorization: `Bearer ${api.adminToken}` },
  });
  expect([query, answer.status]).toEqual([query, 200]);
  return (await answer.json()) as List;
}

/** What MongoDB read, for nodes and heartbeats, since `since`. */
async function lookedAt(since: Date): Promise<{ documents: number; keys: number }> {
  const operations = await db
    .collection('system.profile')
    .find({ ts: { $gte: since }, ns: /\.(nodes|heartbeats)$/, op: { $in: ['query', 'command', 'getmore'] } })
    .toArray();
  const sum = (field: string) => operations.reduce((total, operation) => total + Number(operation[field] ?? 0), 0);
  return { documents: sum('docsExamined'), keys: sum('keysExamined') };
}

/** A cached plan of another request of this shape may be a bad one: MongoDB notices, and plans again. */
const PLANS = 3;

async function fewestLookedAt(query: string): Promise<{ answer: List; documents: number; keys: number }> {
  for (let plan = 1; ; plan += 1) {
    const since = new Date();
    const answer = await ask(query);
    const looked = await lookedAt(since);
    if (plan === PLANS || (looked.documents < MOST_DOCUMENTS && looked.keys < MOST_KEYS)) return { answer, ...looked };
  }
}

async function measure(query: string): Promise<List> {
  const { answer, documents, keys } = await fewestLookedAt(query);
  expect({
    query,
    documents: documents < MOST_DOCUMENTS ? 'few' : documents,
    keys: keys < MOST_KEYS ? 'few' : keys,
  }).toEqual({ query, documents: 'few', keys: 'few' });
  const took: number[] = [];
  for (let time = 1; time < TIMES; time += 1) {
    const began = performance.now();
    await ask(query);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  if (took.length > 0)
    figures.push(
      `${took[Math.floor(took.length / 2)]?.toFixed(0).padStart(5)} ms median  ${took[0]?.toFixed(0).padStart(4)} ms best  ${documents} documents, ${keys} keys  ${query}`,
    );
  return answer;
}

const FILTERS = [
  '',
  'phase=ACTIVE',
  'phase=DRAINING',
  'phase=PENDING&phase=REJECTED',
  'liveness=HEALTHY',
  'liveness=UNKNOWN',
  'type=Compute',
  'type=Requester',
  'approval=REJECTED',
  'label=pool%3Dpool-3',
  'label=gpu',
  'label=nothing',
  'q=sim-0',
  'q=777',
  'q=nowhere',
  'q=PHYSICS+lent',
  'q=rack%3Dr7',
  'warning=true',
  'outdated=true',
  'phase=ACTIVE&liveness=HEALTHY&label=rack%3Dr7&q=1',
];
/** The opposite order, in case a plan is only good for one. */
const BACKWARDS = ['', 'phase=ACTIVE', 'label=nothing', 'q=sim-0', 'q=nowhere', 'q=rack%3Dr7'];

describe.each(NODE_SORTS)('the list of 20,000 nodes, sorted by %s', (sort) => {
  test('reads few nodes, with any filter', async () => {
    for (const filter of sort.startsWith('-') ? BACKWARDS : FILTERS) await measure(`total=true&sort=${sort}&${filter}`);
  }, 120_000);

  test('has every node once, page by page', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const page = await ask(`sort=${sort}&label=pool%3Dpool-3${cursor}`);
      ids.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(SIZE / 10);
  });
});

test('the total is returned on request', async () => {
  expect((await ask('')).total).toBeNull();
  expect((await ask('total=true')).total).toBe(SIZE + 1);
  expect((await ask('total=true&label=gpu&phase=ACTIVE')).total).toBeLessThanOrEqual(SIZE / 500);
  expect((await ask('total=true&q=sim-0')).total).toBe(SIZE / 2);
  expect((await ask('total=true&q=PHYSICS+lent')).total).toBe(SIZE / 1_000);
});

test('the order is the requested one', async () => {
  const sessions = (await ask('sort=-activeSessions')).items.map(({ activeSessions }) => activeSessions);
  expect(sessions).toEqual(sessions.toSorted((a, b) => b - a));
  expect((await ask('sort=-phase')).items.map(({ phase }) => phase)).toEqual([
    'WAITING',
    ...Array<string>(99).fill('REJECTED'),
  ]);
});

test('nodes with a warning are HEALTHY and quiet', async () => {
  await db
    .collection('heartbeats')
    .updateMany({ lastSeen: { $gt: 0, $mod: [100, 7] } }, { $set: { lastSeen: Date.now() - 60_000 } });
  const { items, total } = await ask('warning=true&total=true');
  expect(items).toHaveLength(100);
  expect(items.every(({ warning }) => warning)).toBe(true);
  const { data } = await getCluster({ client: api.admin });
  expect(data?.nodes.warnings).toBe(total);
});

test('the cluster is counted incrementally: requests read no nodes', async () => {
  const since = new Date();
  const began = performance.now();
  for (let asked = 0; asked < 20; asked += 1)
    expect((await getCluster({ client: api.admin })).data?.nodes.total).toBe(SIZE + 1);
  figures.push(`${((performance.now() - began) / 20).toFixed(1).padStart(5)} ms  GET /v1/cluster, one of twenty`);
  const read = await db
    .collection('system.profile')
    .find({ ts: { $gte: since }, ns: /\.nodes$/, op: { $in: ['query', 'command'] } })
    .toArray();
  expect(read.filter(({ docsExamined = 0, keysExamined = 0 }) => docsExamined + keysExamined > 10)).toEqual([]);
});
