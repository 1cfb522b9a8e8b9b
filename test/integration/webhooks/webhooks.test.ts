import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  createWebhook,
  deleteWebhook,
  listAudit,
  listWebhookDeliveries,
  listWebhooks,
  replayWebhookDelivery,
  testWebhook,
  type WebhookDelivery,
} from '../../../client/index.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { fails, floods, hangs, useReceiver } from '../../support/webhooks/receiver.js';

const { api, worker } = useControlPlane({
  'Orchestrator.Webhooks.AllowPrivate': 'true',
  'Orchestrator.Webhooks.Timeout': '5s',
  // The seventh attempt comes six seconds after the first, and the eighth would an hour later.
  'Orchestrator.Webhooks.FirstRetry': '10ms',
  'Orchestrator.Webhooks.GiveUpAfter': '5m',
});
const receiver = useReceiver();

async function made(path: string): Promise<{ id: string; secret: string }> {
  const body = { name: path, url: `${receiver.url}/${path}` };
  const { data, error } = await createWebhook({ client: api.admin, body });
  if (!data) throw new Error(JSON.stringify(error));
  return { id: data.webhook.id, secret: data.secret ?? '' };
}

async function tested(id: string): Promise<string> {
  const { data, error } = await testWebhook({ client: api.admin, path: { id } });
  if (!data) throw new Error(JSON.stringify(error));
  return data.id;
}

async function deliveries(id: string): Promise<WebhookDelivery[]> {
  return (await listWebhookDeliveries({ client: api.admin, path: { id } })).data?.items ?? [];
}

const toldAt = (path: string) => receiver.told.filter((told) => told.path === `/${path}`);

test('a receiver is told once, and can tell by the signature who tells it', async () => {
  const { id, secret } = await made('signed');
  const delivery = await tested(id);
  await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'DELIVERED', attempts: 1 }]));
  const [told, ...more] = toldAt('signed');
  expect(more).toEqual([]);
  const { headers, body } = told!;
  expect(headers).toMatchObject({
    'webhook-id': delivery,
    'content-type': 'application/cloudevents+json; charset=utf-8',
  });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${delivery}.${String(headers['webhook-timestamp'])}.${body}`;
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  expect(JSON.parse(body)).toMatchObject({ specversion: '1.0', type: 'rollcall.alert.Test.raised' });
});

describe('a receiver', () => {
  test.each([
    ['that fails', 'failing', fails(500)],
    ['that hangs', 'hanging', hangs],
    ['that redirects', 'redirecting', fails(302, { location: '/elsewhere' })],
  ])('%s is told again, with the same id, until it takes it', async (_title, path, answer) => {
    const { id } = await made(path);
    receiver.answers.push(answer);
    const delivery = await tested(id);
    await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'DELIVERED', attempts: 2 }]));
    expect(toldAt(path).map(({ headers }) => headers['webhook-id'])).toEqual([delivery, delivery]);
    expect(toldAt('elsewhere')).toEqual([]);
  });

  test('that answers without an end has taken it', async () => {
    const { id } = await made('flooding');
    receiver.answers.push(floods);
    await tested(id);
    await eventually(async () =>
      expect(await deliveries(id)).toMatchObject([{ state: 'DELIVERED', answer: 'HTTP 200' }]),
    );
  });

  test('that is gone is given up at once, and told again by replay', async () => {
    const { id } = await made('gone');
    receiver.answers.push(fails(410));
    const delivery = await tested(id);
    await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'DEAD', answer: 'HTTP 410' }]));
    await replayWebhookDelivery({ client: api.admin, path: { id, delivery } });
    await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'DELIVERED' }]));
    expect(toldAt('gone').map(({ headers }) => headers['webhook-id'])).toEqual([delivery, delivery]);
  });

  test('that never takes it is given up when its time is over', async () => {
    const body = { name: 'nobody', url: 'http://127.0.0.1:1/' };
    const id = (await createWebhook({ client: api.admin, body })).data!.webhook.id;
    await tested(id);
    await eventually(async () =>
      expect(await deliveries(id)).toMatchObject([{ state: 'DEAD', answer: 'ECONNREFUSED' }]),
    );
  });
});

test('one line is told in order: what came first is taken first', async () => {
  const { id } = await made('in-order');
  receiver.answers.push(fails(503));
  const ids = [await tested(id), await tested(id), await tested(id)];
  await eventually(async () =>
    expect((await deliveries(id)).map(({ state }) => state)).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED']),
  );
  const taken = [...new Set(toldAt('in-order').map(({ headers }) => headers['webhook-id']))];
  expect(taken).toEqual(ids);
});

test('what is written down while no worker runs is told by the next', async () => {
  const { id } = await made('later');
  await worker.stop();
  await tested(id);
  await worker.start();
  await eventually(async () => expect(await deliveries(id)).toMatchObject([{ state: 'DELIVERED' }]));
});

test('neither the secret nor the path is shown again, and the audit says who made it and who deleted it', async () => {
  const { id, secret } = await made('secret-path');
  const listed = JSON.stringify((await listWebhooks({ client: api.admin })).data);
  expect(listed).toContain(id);
  expect(listed).not.toContain(secret);
  expect(listed).not.toContain('/secret-path');
  await deleteWebhook({ client: api.admin, path: { id } });
  expect((await listWebhooks({ client: api.admin })).data?.items.map((webhook) => webhook.id)).not.toContain(id);
  const { data } = await listAudit({ client: api.admin, query: { type: ['WebhookCreated', 'WebhookDeleted'] } });
  const about = data?.items.filter(({ reason }) => reason.includes(id)).map(({ type, by }) => [type, by]);
  expect(about).toEqual([
    ['WebhookDeleted', 'admin'],
    ['WebhookCreated', 'admin'],
  ]);
});
