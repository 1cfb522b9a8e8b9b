import { expect, test } from '@jest/globals';
import { webhookBody } from '../../../src/webhooks/webhook-body.js';
import type { AlertNotice } from '../../../src/webhooks/webhook-record.js';

const RAISED: AlertNotice = {
  alert: 'a1',
  kind: 'NodeLost',
  phase: 'raised',
  severity: 'critical',
  at: Date.parse('2026-11-21T12:02:00Z'),
  since: Date.parse('2026-11-21T12:00:00Z'),
  node: { uid: 'u1', name: 'node-1' },
  labels: { pool: 'a' },
  summary: 'node node-1 is <UNKNOWN> & silent',
};
const CLEARED: AlertNotice = {
  ...RAISED,
  phase: 'cleared',
  at: Date.parse('2026-11-21T13:00:00Z'),
  summary: 'it is back',
};

function body(form: Parameters<typeof webhookBody>[0]['form'], notice: AlertNotice) {
  const { contentType, text } = webhookBody({ form, secret: 'routing-key' }, notice, 'c1');
  return { contentType, body: JSON.parse(text) as unknown };
}

test('CloudEvents 1.0: the id is the same at every attempt', () => {
  expect(body('cloudevents', RAISED)).toEqual({
    contentType: 'application/cloudevents+json; charset=utf-8',
    body: {
      specversion: '1.0',
      id: 'a1-raised',
      source: 'urn:rollcall:cluster:c1',
      type: 'rollcall.alert.NodeLost.raised',
      subject: 'node-1',
      time: '2026-11-21T12:02:00.000Z',
      datacontenttype: 'application/json',
      data: {
        ...{ alert: 'a1', kind: 'NodeLost', phase: 'raised', severity: 'critical', summary: RAISED.summary },
        ...{ since: '2026-11-21T12:00:00.000Z', labels: { pool: 'a' }, node: { id: 'node-1', uid: 'u1' } },
      },
    },
  });
});

test('Slack: text contains none of its markup', () => {
  expect(body('slack', RAISED).body).toEqual({
    text: ':rotating_light: node node-1 is &lt;UNKNOWN&gt; &amp; silent',
  });
  expect(body('slack', CLEARED).body).toEqual({ text: ':white_check_mark: it is back' });
});

test('PagerDuty: a cleared alert resolves the triggered one', () => {
  expect(body('pagerduty', RAISED).body).toMatchObject({
    routing_key: 'routing-key',
    event_action: 'trigger',
    dedup_key: 'a1',
    payload: { source: 'node-1', severity: 'critical', class: 'NodeLost', timestamp: '2026-11-21T12:02:00.000Z' },
  });
  expect(body('pagerduty', CLEARED).body).toMatchObject({ event_action: 'resolve', dedup_key: 'a1' });
});

test('Alertmanager: the labels of an alert are the same when it ends', () => {
  const labels = { alertname: 'RollcallNodeLost', severity: 'critical', cluster: 'c1', alert: 'a1', node: 'node-1' };
  expect(body('alertmanager', RAISED).body).toEqual([
    {
      labels,
      annotations: { summary: RAISED.summary },
      startsAt: '2026-11-21T12:00:00.000Z',
      endsAt: '2027-11-21T12:02:00.000Z',
    },
  ]);
  expect(body('alertmanager', CLEARED).body).toMatchObject([{ labels, endsAt: '2026-11-21T13:00:00.000Z' }]);
});
