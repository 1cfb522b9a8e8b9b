import { expect, test } from '@jest/globals';
import { deliveriesOf } from '../../../src/webhooks/deliveries-of.js';
import { pauseBeforeRetry } from '../../../src/webhooks/delivery-pace.js';
import type { AlertNotice, WebhookRecord } from '../../../src/webhooks/webhook-record.js';

const ALL: WebhookRecord = {
  ...{ id: 'w1', name: 'all', url: 'https://example.com', form: 'cloudevents', secret: 'whsec_' },
  ...{ kinds: [], labels: [], severity: 'info', createdAt: 0, createdBy: 'ann' },
};
const LOST: AlertNotice = {
  ...{ alert: 'a1', kind: 'NodeLost', phase: 'raised', severity: 'critical', at: 1_000, since: 0 },
  ...{ node: { uid: 'u1', name: 'node-1' }, labels: { pool: 'a' }, summary: '' },
};

test.each<[string, Partial<WebhookRecord>, Partial<AlertNotice>, boolean]>([
  ['one that asks for nothing in particular', {}, {}, true],
  ['of this kind', { kinds: ['NodeLost'] }, {}, true],
  ['of another kind', { kinds: ['NodeUnfit'] }, {}, false],
  ['a test, whatever it asks for', { kinds: ['NodeUnfit'] }, { kind: 'Test' }, true],
  ['of this pool', { labels: ['pool=a'] }, {}, true],
  ['of another pool', { labels: ['pool=b'] }, {}, false],
  ['of what belongs to no pool', { labels: ['pool'] }, { node: null, labels: {} }, false],
  ['as severe', { severity: 'critical' }, {}, true],
  ['less severe', { severity: 'critical' }, { severity: 'warning' }, false],
])('an alert is delivered: %s', (_title, webhook, notice, isTold) => {
  expect(deliveriesOf({ ...LOST, ...notice }, [{ ...ALL, ...webhook }], 1_000)).toHaveLength(isTold ? 1 : 0);
});

test('a delivery is the same when it is made twice, and those about one node are in one line', () => {
  const [one] = deliveriesOf(LOST, [ALL], 1_000);
  expect(deliveriesOf(LOST, [ALL], 1_000)).toEqual([one]);
  expect(one).toMatchObject({ id: 'msg_a1_raised_w1', webhook: 'w1', about: 'u1', state: 'PENDING', until: 2_000 });
  expect(deliveriesOf({ ...LOST, node: null }, [ALL], 1_000)).toMatchObject([{ about: 'fleet' }]);
});

test('the pause before another attempt grows to an hour, and a receiver may ask for more, up to that', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 40].map((attempts) => pauseBeforeRetry(attempts, 5_000, undefined, 0));
  expect(pauses).toEqual([5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 3_600_000]);
  expect(pauseBeforeRetry(1, 5_000, '120', 0)).toBe(120_000);
  expect(pauseBeforeRetry(1, 5_000, '999999', 0)).toBe(3_600_000);
  expect(pauseBeforeRetry(1, 5_000, 'Wed, 21 Oct 2026 07:28:00 GMT', 0)).toBe(5_000);
  expect(pauseBeforeRetry(1, 5_000, undefined, 1)).toBe(6_000);
});
