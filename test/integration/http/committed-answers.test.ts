import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { NO_RESOURCES } from '../../../contract/sessions.js';
import { fleetEvent } from '../../../src/record/node-event.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { deliveryOf } from '../../../src/webhooks/deliveries-of.js';
import { WebhookStore } from '../../../src/webhooks/webhook-store.js';
import { MassSilenceStore } from '../../../src/silence/mass-silence-store.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';
import { useOwnMongod } from '../../support/servers/mongod.js';
import { useApi } from '../../support/api/api-under-test.js';

// An Idempotency-Key is committed with its request's changes, as MongoDB's oplog shows.

const api = useApi({ mongod: useOwnMongod() });
let mongoClient: mongo.MongoClient;
let db: mongo.Db;
beforeAll(async () => {
  mongoClient = await mongo.MongoClient.connect(api.mongoUri);
  db = mongoClient.db();
  for (const name of ['node-1', 'node-2', 'node-3']) await new AgentUnderTest(api).join(api.joinToken, name);
  await keyed('PATCH', '/v1/nodes/node-2', { labels: { pool: 'a' } });
  const silence = {
    id: 'silence',
    since: 1,
    noticedAt: 2,
    silent: 150,
    beating: 200,
    mostSilent: 150,
    endedAt: null,
    endedBy: null,
    judgedUntil: null,
  };
  await api.app
    .get(MassSilenceStore)
    .begin(silence, fleetEvent('MassSilenceBegan', 2, { by: 'system', from: null }, '150 of 200'));
  const session = {
    kind: 'external',
    principal: 'ana',
    statement: '',
    sql: null,
    state: 'RUNNING',
    reason: '',
    resources: NO_RESOURCES,
    labels: {},
    openedBy: 'a',
    openedAt: 1,
    startedAt: 1,
    endedAt: null,
    termination: null,
    rows: null,
    resultFile: null,
    preview: null,
  } as const;
  const uid = String((await db.collection('nodes').findOne({ name: 'node-1' }))?._id);
  for (const id of ['s1', 's2'])
    await api.app.get(SessionStore).create({ ...session, id, key: id, node: { uid, name: 'node-1' } });
  const notice = {
    ...({ alert: 'a0', kind: 'Test', phase: 'raised', severity: 'info', at: 1, since: 1 } as const),
    ...{ node: null, labels: {}, summary: 'a test' },
  };
  const told = api.app.get(WebhookStore);
  await told.deliver([{ ...deliveryOf(notice, { id: 'w0' }, 1), id: 'msg_0' }]);
  await told.attempted('msg_0', { at: 2, answer: 'HTTP 500', state: 'DEAD', nextAttemptAt: 2 });
});
atEndOfSuite(() => mongoClient?.close());

let keys = 0;
async function keyed(method: string, path: string, body?: unknown, key = `key-${(keys += 1)}`) {
  const response = await api.raw(path, {
    method,
    headers: {
      authorization: `Bearer ${api.adminToken}`,
      'idempotency-key': key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    key,
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    isDry: response.headers.get('dry-run') === 'true',
    answer: await response.text(),
  };
}

/** The collections written by each transaction on this database, from MongoDB's oplog. */
async function transactions(): Promise<string[][]> {
  const entries = await mongoClient
    .db('local')
    .collection<{ o: { applyOps: { ns: string }[] } }>('oplog.rs')
    .find({ op: 'c', 'o.applyOps.ns': { $regex: `^${db.databaseName}\\.` } })
    .toArray();
  return entries.map(({ o }) => o.applyOps.map(({ ns }) => ns.slice(db.databaseName.length + 1)));
}

/** What was written together with a key, after this many transactions. */
async function committedWithKey(before: number): Promise<string[]> {
  const since = (await transactions()).slice(before);
  return since.find((collections) => collections.includes('idempotencykeys')) ?? [];
}

const NIGHT = { name: 'night', cron: '0 2 * * *', timeZone: 'Europe/Berlin', duration: '1h' };

/** In an order in which they are possible; `{id}` is that of the previous step. */
const STEPS: [method: string, route: string, path: string, body?: unknown][] = [
  ['POST', '/v1/nodes', '/v1/nodes', { name: 'slot' }],
  ['PATCH', '/v1/nodes/{id}', '/v1/nodes/slot', { description: 'shelf' }],
  ['POST', '/v1/nodes/{id}/bootstrap-token', '/v1/nodes/slot/bootstrap-token', {}],
  ['POST', '/v1/nodes/{id}/deactivate', '/v1/nodes/node-1/deactivate', { reason: 'disks' }],
  ['POST', '/v1/nodes/{id}/activate', '/v1/nodes/node-1/activate', {}],
  ['POST', '/v1/nodes/{id}/reject', '/v1/nodes/node-1/reject', { message: 'no' }],
  ['POST', '/v1/nodes/{id}/approve', '/v1/nodes/node-1/approve', {}],
  ['POST', '/v1/nodes/{id}/decommission', '/v1/nodes/node-1/decommission', {}],
  ['DELETE', '/v1/nodes/{id}', '/v1/nodes/node-3'],
  ['DELETE', '/v1/sessions/{id}', '/v1/sessions/s1'],
  ['DELETE', '/v1/nodes/{id}/sessions/{sessionId}', '/v1/nodes/node-1/sessions/s2'],
  ['POST', '/v1/drains', '/v1/drains', { labels: ['pool=a'] }],
  ['POST', '/v1/drains/{id}/pause', '/v1/drains/{id}/pause'],
  ['POST', '/v1/drains/{id}/resume', '/v1/drains/{id}/resume'],
  ['POST', '/v1/drains/{id}/cancel', '/v1/drains/{id}/cancel'],
  ['POST', '/v1/join-tokens', '/v1/join-tokens', {}],
  ['DELETE', '/v1/join-tokens/{id}', '/v1/join-tokens/{id}'],
  ['POST', '/v1/approval-rules', '/v1/approval-rules', { name: 'lab', decision: 'approve' }],
  ['PATCH', '/v1/approval-rules/{name}', '/v1/approval-rules/lab', { order: 5 }],
  ['DELETE', '/v1/approval-rules/{name}', '/v1/approval-rules/lab'],
  ['POST', '/v1/api-tokens', '/v1/api-tokens', { name: 'ada', role: 'viewer' }],
  ['POST', '/v1/api-tokens/{id}/rotate', '/v1/api-tokens/{id}/rotate', { overlap: '1h' }],
  ['DELETE', '/v1/api-tokens/{id}', '/v1/api-tokens/{id}'],
  ['POST', '/v1/webhooks', '/v1/webhooks', { name: 'chat', url: 'https://example.com/hook' }],
  ['PATCH', '/v1/webhooks/{id}', '/v1/webhooks/{id}', { name: 'room' }],
  ['POST', '/v1/webhooks/{id}/rotate', '/v1/webhooks/{id}/rotate', { overlap: '1h' }],
  ['POST', '/v1/webhooks/{id}/test', '/v1/webhooks/{id}/test'],
  ['POST', '/v1/webhooks/{id}/deliveries/{delivery}/replay', '/v1/webhooks/w0/deliveries/msg_0/replay'],
  ['DELETE', '/v1/webhooks/{id}', '/v1/webhooks/{id}'],
  ['POST', '/v1/maintenance-windows', '/v1/maintenance-windows', NIGHT],
  ['PATCH', '/v1/maintenance-windows/{name}', '/v1/maintenance-windows/night', { duration: '2h' }],
  ['DELETE', '/v1/maintenance-windows/{name}', '/v1/maintenance-windows/night'],
  ['POST', '/v1/cluster/mass-silence/release', '/v1/cluster/mass-silence/release', {}],
];

let made = '';
test.each(STEPS.map(([method, route, path, body]) => ({ method, route, template: path, body })))(
  '$method $route',
  async ({ method, template, body }) => {
    const path = template.replace('{id}', made);
    const before = await transactions().then((all) => all.length);
    const dry = await keyed(method, `${path}?dryRun=true`, body);
    expect([dry.status < 300, dry.isDry, dry.answer]).toEqual([true, true, dry.answer]);
    expect(await transactions()).toHaveLength(before);

    const first = await keyed(method, path, body);
    expect([first.status < 300, first.isDry, first.answer]).toEqual([true, false, first.answer]);
    expect(kindOf(dry)).toEqual(kindOf(first));
    made = /"id":"([a-z0-9]{10,16})"/.exec(first.answer)?.[1] ?? made;
    const together = await committedWithKey(before);
    // The change is in the same transaction.
    expect(together.filter((name) => name !== 'idempotencykeys')).not.toEqual([]);

    // As if the api had died right after the commit, long ago.
    await db.collection('idempotencykeys').updateMany({}, { $inc: { claimedAt: -71_000 } });
    const events = await db.collection('events').countDocuments();
    const again = await keyed(method, path, body, first.key);
    expect([again.replayed, again.answer]).toEqual(['true', first.answer]);
    expect(await db.collection('events').countDocuments()).toBe(events);
  },
);

/** The status and the names of the fields: ids, tokens and times are new, and a decision may be applied meanwhile. */
function kindOf({ status, answer }: { status: number; answer: string }) {
  return [status === 202 ? 200 : status, answer === '' ? [] : Object.keys(JSON.parse(answer) as object).toSorted()];
}

test("every route with the header is tested here, and has a dry run; a session's id contains its key", async () => {
  const { paths } = JSON.parse(await readFile('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  const taking = (parameter: string) =>
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
        // Agent updates are drain sets, handled by the same service.
        parameters.some(({ name }) => name === parameter) && !path.startsWith('/v1/agent-updates')
          ? [`${method.toUpperCase()} ${path}`]
          : [],
      ),
    );
  const routes = STEPS.map(([method, route]) => `${method} ${route}`);
  expect(taking('Idempotency-Key').toSorted()).toEqual(['POST /v1/sessions', ...routes].toSorted());
  expect(taking('dryRun').toSorted()).toEqual(['POST /v1/sessions', ...routes].toSorted());
});

test('a dry run is refused like the request, and on routes without one', async () => {
  const refused = await keyed('POST', '/v1/nodes/slot/deactivate?dryRun=true', {});
  expect([refused.status, refused.answer]).toEqual([409, expect.stringContaining('NODE_NOT_JOINED')]);
  const none = await keyed('GET', '/v1/nodes?dryRun=true');
  expect([none.status, none.answer]).toEqual([400, expect.stringContaining('dryRun: this operation has no dry run')]);
  const keyless = await keyed('POST', '/v1/join-tokens?dryRun=true', {}, 'no key');
  expect([keyless.status, keyless.answer]).toEqual([400, expect.stringContaining('visible ASCII characters')]);
  const unclear = await keyed('POST', '/v1/nodes/slot/activate?dryRun=perhaps', {});
  expect([unclear.status, unclear.answer]).toEqual([400, expect.stringContaining('dryRun: it is true or false')]);
});
