import { beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { AlertRound } from '../../../src/alerts/alert-round.js';
import { AlertStore } from '../../../src/alerts/alert-store.js';
import { AlertSubjects } from '../../../src/alerts/alert-subjects.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { fleetEvent } from '../../../src/record/node-event.js';
import { NodeStore, type NewNode } from '../../../src/record/node-store.js';
import { UnitOfWork } from '../../../src/record/unit-of-work.js';
import { MassSilenceStore } from '../../../src/silence/mass-silence-store.js';
import type { WebhookRecord } from '../../../src/webhooks/webhook-record.js';
import { WebhookStore } from '../../../src/webhooks/webhook-store.js';
import { NOON } from '../../support/manual-clock.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { useStores } from '../../support/mongo/open-stores.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const stores = useStores();
const HOOK: WebhookRecord = {
  ...{ id: 'w1', name: 'on-call', url: 'https://example.com/', form: 'cloudevents', secret: 'whsec_x' },
  ...{ kinds: [], labels: [], severity: 'info', createdAt: NOON, createdBy: 'ann' },
};

let webhooks: WebhookStore;
let round: AlertRound;
beforeEach(async () => {
  await stores.clear();
  webhooks = stores.get(WebhookStore);
  await webhooks.create(HOOK);
  round = roundWith(webhooks);
});

function roundWith(hooks: WebhookStore): AlertRound {
  const [alerts, subjects, nodes] = [stores.get(AlertStore), stores.get(AlertSubjects), stores.get(NodeStore)];
  const config = loadConfig({ env: {}, flags: { 'Orchestrator.Alerts.Settle': '2m' } });
  return new AlertRound(alerts, subjects, hooks, nodes, stores.get(UnitOfWork), stores.clock, config);
}

/** An approved node that beats, in the record's own words. */
async function active(name: string, changes: Partial<NewNode> = {}): Promise<string> {
  const { uid } = await stores.get(NodeStore).create(newNode(name, changes), []);
  await becomes(uid, { phase: 'ACTIVE' });
  return uid;
}

async function becomes(uid: string, fields: Record<string, unknown>): Promise<void> {
  await stores.connection.collection<{ _id: string }>('nodes').updateOne({ _id: uid }, { $set: fields });
}

const silent = (uid: string, lastHeartbeat = stores.clock.now()) =>
  becomes(uid, { liveness: 'UNHEALTHY', applied: { seq: 1, revision: 1, view: { lastHeartbeat } } });
const heard = (uid: string) => becomes(uid, { liveness: 'HEALTHY' });

/** After so long, in milliseconds. */
async function pass(afterMs = 0): Promise<void> {
  stores.clock.advance(afterMs);
  await round.pass();
}

/** What the webhook was told, the first first. */
async function told(id = 'w1'): Promise<string[]> {
  const { items } = await webhooks.deliveries(id, { limit: 1_000 });
  return items.toReversed().map(({ notice: { kind, phase, summary } }) => `${kind} ${phase}: ${summary}`);
}

describe('a lost node', () => {
  test('raises an alert after a time and clears it when the node is back for as long; then again', async () => {
    const uid = await active('node-1');
    await silent(uid);
    await pass(MINUTE);
    expect(await told()).toEqual([]);
    await pass(MINUTE);
    await pass(60 * MINUTE);
    await heard(uid);
    await pass();
    expect(await told()).toEqual(['NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it']);
    await pass(2 * MINUTE);
    await pass(MINUTE);
    expect(await told()).toEqual([
      'NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it',
      'NodeLost cleared: node node-1 is back',
    ]);
    await silent(uid);
    await pass(2 * MINUTE);
    const { items } = await webhooks.deliveries('w1', { limit: 10 });
    expect(items).toHaveLength(3);
    // Another outage, another alert; the end of one names its beginning.
    expect(new Set(items.map(({ notice }) => notice.alert)).size).toBe(2);
  });

  test('counts as one outage when it comes and goes', async () => {
    const uid = await active('node-1');
    await silent(uid);
    await pass(2 * MINUTE);
    for (let times = 0; times < 5; times += 1) {
      await heard(uid);
      await pass(MINUTE);
      await silent(uid);
      await pass(MINUTE);
    }
    expect(await told()).toHaveLength(1);
  });

  test('raises no alert after a goodbye, until it is heard and lost again', async () => {
    const uid = await active('node-1');
    const beat = (fields: object) =>
      stores.connection.collection<{ _id: string }>('heartbeats').updateOne({ _id: uid }, fields);
    await beat({ $set: { lastSeen: stores.clock.now(), saidGoodbyeAt: stores.clock.now() } });
    await silent(uid);
    await pass(60 * MINUTE);
    expect(await told()).toEqual([]);
    await beat({ $set: { lastSeen: stores.clock.now() }, $unset: { saidGoodbyeAt: 1 } });
    await silent(uid);
    await pass(2 * MINUTE);
    expect(await told()).toEqual(['NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it']);
  });

  test('raises no alert if its silence was planned; an alert is cleared when the node is taken out', async () => {
    const [drained, lost] = [await active('node-1'), await active('node-2')];
    await becomes(drained, { phase: 'DRAINING' });
    await silent(drained);
    await silent(lost);
    await pass(2 * MINUTE);
    await becomes(lost, { phase: 'DRAINING' });
    await pass();
    await pass(2 * MINUTE);
    expect(await told()).toEqual([
      'NodeLost raised: node node-2 is UNHEALTHY: nothing was heard of it',
      'NodeLost cleared: node node-2 is DRAINING',
    ]);
  });

  test('raises no alert when it is out for maintenance and comes back by itself', async () => {
    const uid = await active('node-1');
    const since = stores.clock.now();
    await becomes(uid, {
      phase: 'DRAINED',
      applied: { seq: 1, revision: 1, view: { availability: { since } } },
      'decision.availability.until': since + 60 * MINUTE,
    });
    await becomes(uid, { liveness: 'UNHEALTHY' });
    await pass(2 * MINUTE);
    expect(await told()).toEqual([]);
  });

  test('is reported to the webhooks of its pool', async () => {
    await webhooks.create({ ...HOOK, id: 'w2', labels: ['pool=b'] });
    const uid = await active('node-1', { labels: { pool: 'a' } });
    await silent(uid);
    await pass(2 * MINUTE);
    expect(await told()).toHaveLength(1);
    expect((await webhooks.deliveries('w2', { limit: 10 })).items).toEqual([]);
  });
});

describe('a crash', () => {
  test('before a delivery is stored leaves no alert: the next round raises it', async () => {
    await silent(await active('node-1'));
    const failing = Object.assign(Object.create(webhooks) as WebhookStore, {
      deliver: () => Promise.reject(new Error('the worker dies here')),
    });
    stores.clock.advance(2 * MINUTE);
    await expect(roundWith(failing).pass()).rejects.toThrow('the worker dies here');
    expect(await stores.get(AlertStore).open()).toEqual([]);
    await pass();
    expect(await told()).toHaveLength(1);
  });

  test('of the lease holder, while another takes over, causes no second notice', async () => {
    for (let number = 0; number < 5; number += 1) await silent(await active(`node-${number}`));
    stores.clock.advance(2 * MINUTE);
    await Promise.all([round.pass(), roundWith(webhooks).pass(), roundWith(webhooks).pass()]);
    expect(await told()).toHaveLength(5);
  });
});

describe('a mass silence', () => {
  const SILENCE = {
    ...{ id: 'silence-1', since: NOON - MINUTE, noticedAt: NOON, silent: 20, beating: 30, mostSilent: 20 },
    ...{ endedAt: null, endedBy: null, judgedUntil: null },
  };
  const end = (by: string) =>
    stores
      .get(MassSilenceStore)
      .end(
        'silence-1',
        { at: stores.clock.now(), by, judgedUntil: 0 },
        fleetEvent('MassSilenceEnded', 0, { by, from: null }, ''),
      );
  let uids: string[];
  beforeEach(async () => {
    uids = [];
    for (let number = 0; number < 20; number += 1) uids.push(await active(`node-${number}`));
    for (const uid of uids) await silent(uid);
    const began = fleetEvent('MassSilenceBegan', NOON, { by: 'system', from: null }, '');
    await stores.get(MassSilenceStore).begin(SILENCE, began);
    await pass(10 * MINUTE);
  });

  test('is reported as one alert', async () => {
    expect(await told()).toEqual([expect.stringMatching(/^MassSilence raised: 20 nodes are silent at once/)]);
  });

  test('that ended by itself leaves alerts for the nodes that are still lost', async () => {
    for (const uid of uids.slice(1)) await heard(uid);
    await end('system');
    await pass();
    await pass(2 * MINUTE);
    expect((await told()).map((text) => text.split(':')[0] ?? '').toSorted()).toEqual([
      'MassSilence cleared',
      'MassSilence raised',
      'NodeLost raised',
    ]);
  });

  test('that a person released causes no alert for each of its nodes', async () => {
    await end('ann');
    await pass();
    await pass(2 * MINUTE);
    expect((await told()).map((text) => text.split(':')[0])).toEqual(['MassSilence raised', 'MassSilence cleared']);
  });
});

test('other conditions of a node are raised and cleared', async () => {
  const [pending, unfit, copied, drained] = [
    await active('p'),
    await active('u'),
    await active('c'),
    await active('d'),
  ];
  const at = stores.clock.now();
  await becomes(pending, { phase: 'PENDING', joinedAt: at });
  const condition = { type: 'disk', status: 'UNFIT', since: at, reason: 'Full', message: '/ is full', by: 'built-in' };
  await becomes(unfit, { conditions: [condition] });
  await becomes(copied, { copied: { since: at, bootIds: [] } });
  await becomes(drained, { phase: 'DRAINED', applied: { seq: 1, revision: 1, view: { availability: { since: at } } } });
  await pass(2 * MINUTE);
  expect((await told()).toSorted()).toEqual([
    'IdentityCopied raised: more than one machine uses the identity of node c',
    'NodeDrained raised: node d is drained, as system decided',
    'NodePending raised: node p has joined and waits for approval',
    'NodeUnfit raised: node u is unfit: disk: / is full',
  ]);
  for (const uid of [pending, drained]) await becomes(uid, { phase: 'ACTIVE' });
  await becomes(unfit, { conditions: [{ ...condition, status: 'FIT' }] });
  await becomes(copied, { copied: null });
  await pass();
  await pass(2 * MINUTE);
  expect((await told()).filter((text) => text.includes('cleared')).toSorted()).toEqual([
    'IdentityCopied cleared: node c has its identity for itself again',
    'NodeDrained cleared: node d is in service again',
    'NodePending cleared: node p waits no longer for approval',
    'NodeUnfit cleared: node u is fit again',
  ]);
});

test('nodes that wait for the budget of quarantine are one alert, for as long as any waits', async () => {
  const uids = [await active('node-1'), await active('node-2')];
  const held = {
    seq: 1,
    revision: 1,
    view: { heldBack: { since: stores.clock.now(), reason: 'the budget is used up' } },
  };
  for (const uid of uids) await becomes(uid, { applied: held });
  await pass(2 * MINUTE);
  await becomes(uids[0] ?? '', { applied: null });
  await pass();
  await pass(2 * MINUTE);
  const raised = 'BudgetExhausted raised: the budget of quarantine is used up: 2 unfit nodes stay in service';
  expect(await told()).toEqual([raised]);
  await becomes(uids[1] ?? '', { applied: null });
  await pass();
  await pass(2 * MINUTE);
  expect(await told()).toEqual([
    raised,
    'BudgetExhausted cleared: the budget of quarantine has room for all that wait for it',
  ]);
});

test('a token that expires soon raises one alert, unless its whole lifetime was short', async () => {
  const token = {
    secretHash: 'h',
    createdAt: NOON,
    createdBy: 'ann',
    role: 'viewer',
    lastUsedAt: null,
    revokedAt: null,
  } as const;
  const tokens = stores.get(ApiTokenStore);
  await tokens.create({ ...token, id: 'short', name: 'short', expiresAt: NOON + 2 * DAY });
  await tokens.create({ ...token, id: 'long', name: 'long', expiresAt: NOON + 30 * DAY });
  await pass();
  expect(await told()).toEqual([]);
  await pass(24 * DAY);
  await pass(DAY);
  expect(await told()).toEqual([expect.stringMatching(/^TokenExpiring raised: the token long \(long\) expires at /)]);
});

describe('a webhook that is added later', () => {
  const LOST = 'NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it';

  test('gets a present alert once, and its end', async () => {
    await silent(await active('node-1'));
    await pass(2 * MINUTE);
    stores.clock.advance(3 * DAY);
    await webhooks.create({ ...HOOK, id: 'w2', owed: true });
    await pass();
    await pass(MINUTE);
    expect(await told('w2')).toEqual([LOST]);
    const [delivery] = (await webhooks.deliveries('w2', { limit: 10 })).items;
    // A day from now, and not from when the alert was raised.
    expect(delivery).toMatchObject({ state: 'PENDING', until: stores.clock.now() - MINUTE + DAY });
    expect(await told()).toEqual([LOST]);
  });

  test('or wants more than before gets what it did not want before', async () => {
    await silent(await active('node-1'));
    await webhooks.create({ ...HOOK, id: 'w2', kinds: ['NodeUnfit'] });
    await pass(2 * MINUTE);
    expect(await told('w2')).toEqual([]);
    await webhooks.edit('w2', { kinds: [], owed: true });
    await pass();
    expect(await told('w2')).toEqual([LOST]);
  });
});
