import { describe, expect, test } from '@jest/globals';
import { AlertStore } from '../../../src/alerts/alert-store.js';
import type { WebhookStore } from '../../../src/webhooks/webhook-store.js';
import { HOOK, useAlertRounds } from '../../support/alerts/alert-rounds.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const rounds = useAlertRounds();
const { stores } = rounds;

describe('a lost node', () => {
  test('raises an alert after a time and clears it when the node is back for as long; then again', async () => {
    const uid = await rounds.active('node-1');
    await rounds.silent(uid);
    await rounds.pass(MINUTE);
    expect(await rounds.told()).toEqual([]);
    await rounds.pass(MINUTE);
    await rounds.pass(60 * MINUTE);
    await rounds.heard(uid);
    await rounds.pass();
    expect(await rounds.told()).toEqual(['NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it']);
    await rounds.pass(2 * MINUTE);
    await rounds.pass(MINUTE);
    expect(await rounds.told()).toEqual([
      'NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it',
      'NodeLost cleared: node node-1 is back',
    ]);
    await rounds.silent(uid);
    await rounds.pass(2 * MINUTE);
    const { items } = await rounds.webhooks.deliveries('w1', { limit: 10 });
    expect(items).toHaveLength(3);
    // Another outage, another alert; the end of one names its beginning.
    expect(new Set(items.map(({ notice }) => notice.alert)).size).toBe(2);
  });

  test('counts as one outage when it comes and goes', async () => {
    const uid = await rounds.active('node-1');
    await rounds.silent(uid);
    await rounds.pass(2 * MINUTE);
    for (let times = 0; times < 5; times += 1) {
      await rounds.heard(uid);
      await rounds.pass(MINUTE);
      await rounds.silent(uid);
      await rounds.pass(MINUTE);
    }
    expect(await rounds.told()).toHaveLength(1);
  });

  test('raises no alert after a goodbye, until it is heard and lost again', async () => {
    const uid = await rounds.active('node-1');
    const beat = (fields: object) =>
      stores.connection.collection<{ _id: string }>('heartbeats').updateOne({ _id: uid }, fields);
    await beat({ $set: { lastSeen: stores.clock.now(), saidGoodbyeAt: stores.clock.now() } });
    await rounds.silent(uid);
    await rounds.pass(60 * MINUTE);
    expect(await rounds.told()).toEqual([]);
    await beat({ $set: { lastSeen: stores.clock.now() }, $unset: { saidGoodbyeAt: 1 } });
    await rounds.silent(uid);
    await rounds.pass(2 * MINUTE);
    expect(await rounds.told()).toEqual(['NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it']);
  });

  test('raises no alert if its silence was planned; an alert is cleared when the node is taken out', async () => {
    const [drained, lost] = [await rounds.active('node-1'), await rounds.active('node-2')];
    await rounds.becomes(drained, { phase: 'DRAINING' });
    await rounds.silent(drained);
    await rounds.silent(lost);
    await rounds.pass(2 * MINUTE);
    await rounds.becomes(lost, { phase: 'DRAINING' });
    await rounds.pass();
    await rounds.pass(2 * MINUTE);
    expect(await rounds.told()).toEqual([
      'NodeLost raised: node node-2 is UNHEALTHY: nothing was heard of it',
      'NodeLost cleared: node node-2 is DRAINING',
    ]);
  });

  test('raises no alert when it is out for maintenance and comes back by itself', async () => {
    const uid = await rounds.active('node-1');
    const since = stores.clock.now();
    await rounds.becomes(uid, {
      phase: 'DRAINED',
      applied: { seq: 1, revision: 1, view: { availability: { since } } },
      'decision.availability.until': since + 60 * MINUTE,
    });
    await rounds.becomes(uid, { liveness: 'UNHEALTHY' });
    await rounds.pass(2 * MINUTE);
    expect(await rounds.told()).toEqual([]);
  });

  test('is reported to the rounds.webhooks of its pool', async () => {
    await rounds.webhooks.create({ ...HOOK, id: 'w2', labels: ['pool=b'] });
    const uid = await rounds.active('node-1', { labels: { pool: 'a' } });
    await rounds.silent(uid);
    await rounds.pass(2 * MINUTE);
    expect(await rounds.told()).toHaveLength(1);
    expect((await rounds.webhooks.deliveries('w2', { limit: 10 })).items).toEqual([]);
  });
});

describe('a crash', () => {
  test('before a delivery is stored leaves no alert: the next round raises it', async () => {
    await rounds.silent(await rounds.active('node-1'));
    const failing = Object.assign(Object.create(rounds.webhooks) as WebhookStore, {
      deliver: () => Promise.reject(new Error('the worker dies here')),
    });
    stores.clock.advance(2 * MINUTE);
    await expect(rounds.roundWith(failing).pass()).rejects.toThrow('the worker dies here');
    expect(await stores.get(AlertStore).open()).toEqual([]);
    await rounds.pass();
    expect(await rounds.told()).toHaveLength(1);
  });

  test('of the lease holder, while another takes over, causes no second notice', async () => {
    for (let number = 0; number < 5; number += 1) await rounds.silent(await rounds.active(`node-${number}`));
    stores.clock.advance(2 * MINUTE);
    await Promise.all([
      rounds.pass(),
      rounds.roundWith(rounds.webhooks).pass(),
      rounds.roundWith(rounds.webhooks).pass(),
    ]);
    expect(await rounds.told()).toHaveLength(5);
  });
});

describe('a webhook that is added later', () => {
  const LOST = 'NodeLost raised: node node-1 is UNHEALTHY: nothing was heard of it';

  test('gets a present alert once, and its end', async () => {
    await rounds.silent(await rounds.active('node-1'));
    await rounds.pass(2 * MINUTE);
    stores.clock.advance(3 * DAY);
    await rounds.webhooks.create({ ...HOOK, id: 'w2', owed: true });
    await rounds.pass();
    await rounds.pass(MINUTE);
    expect(await rounds.told('w2')).toEqual([LOST]);
    const [delivery] = (await rounds.webhooks.deliveries('w2', { limit: 10 })).items;
    // A day from now, and not from when the alert was raised.
    expect(delivery).toMatchObject({ state: 'PENDING', until: stores.clock.now() - MINUTE + DAY });
    expect(await rounds.told()).toEqual([LOST]);
  });

  test('or wants more than before gets what it did not want before', async () => {
    await rounds.silent(await rounds.active('node-1'));
    await rounds.webhooks.create({ ...HOOK, id: 'w2', kinds: ['NodeUnfit'] });
    await rounds.pass(2 * MINUTE);
    expect(await rounds.told('w2')).toEqual([]);
    await rounds.webhooks.edit('w2', { kinds: [], owed: true });
    await rounds.pass();
    expect(await rounds.told('w2')).toEqual([LOST]);
  });
});
