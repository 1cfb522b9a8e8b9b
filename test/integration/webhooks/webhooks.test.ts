import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  createWebhook,
  deleteWebhook,
  editWebhook,
  getWebhook,
  listApiTokens,
  listAudit,
  listWebhookDeliveries,
  listWebhooks,
  replayWebhookDelivery,
  rotateWebhookSecret,
  testWebhook,
  type WebhookDelivery,
} from '../../../client/index.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { fails, floods, hangs, useReceiver, type Told } from '../../support/webhooks/receiver.js';

const { api, worker } = useControlPlane({
  'Orchestrator.Webhooks.AllowPrivate': 'true',
  'Orchestrator.Webhooks.Timeout': '5s',
  // The seventh attempt comes six seconds after the first, and the eighth would come an hour later.
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

/** What a receiver with the secret expects. */
function signatureBy(secret: string, { headers, body }: Told): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
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
  expect(headers['webhook-id']).toBe(delivery);
  expect(headers['webhook-signature']).toBe(signatureBy(secret, told!));
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
  await editWebhook({ client: api.admin, path: { id }, body: { name: 'other' } });
  await deleteWebhook({ client: api.admin, path: { id } });
  expect((await listWebhooks({ client: api.admin })).data?.items.map((webhook) => webhook.id)).not.toContain(id);
  const { data } = await listAudit({
    client: api.admin,
    query: { type: ['WebhookCreated', 'WebhookEdited', 'WebhookDeleted'] },
  });
  const about = data?.items
    .filter(({ reason }) => reason.includes(id))
    .map(({ type, by, byId, reason }) => ({ type, by, byId, reason }));
  const byId = (await listApiTokens({ client: api.admin })).data?.items.find(({ name }) => name === 'admin')?.id;
  expect(byId).toMatch(/^[0-9a-f]+$/);
  expect(about).toEqual([
    { type: 'WebhookDeleted', by: 'admin', byId, reason: `other (${id}), cloudevents` },
    { type: 'WebhookEdited', by: 'admin', byId, reason: `other (${id}), cloudevents; changed: name` },
    { type: 'WebhookCreated', by: 'admin', byId, reason: `secret-path (${id}), cloudevents` },
  ]);
});

describe('a webhook that is changed', () => {
  test('is told at its new address what waited for it', async () => {
    const body = { name: 'mistyped', url: 'http://127.0.0.1:1/' };
    const { id } = (await createWebhook({ client: api.admin, throwOnError: true, body })).data.webhook;
    const delivery = await tested(id);
    const { data } = await editWebhook({
      client: api.admin,
      path: { id },
      body: { url: `${receiver.url}/mended`, kinds: ['NodeLost'], labels: ['pool=a'], severity: 'critical' },
    });
    expect(data).toEqual({
      ...(await getWebhook({ client: api.admin, throwOnError: true, path: { id } })).data,
      ...{ name: 'mistyped', url: `${receiver.url}/…`, kinds: ['NodeLost'], labels: ['pool=a'], severity: 'critical' },
    });
    await replayWebhookDelivery({ client: api.admin, path: { id, delivery } });
    await eventually(async () => expect(await deliveries(id)).toMatchObject([{ id: delivery, state: 'DELIVERED' }]));
    expect(toldAt('mended').map(({ headers }) => headers['webhook-id'])).toContain(delivery);
  });

  test('signs with its former secret, too, until the overlap is over', async () => {
    const { id, secret } = await made('rotated');
    const rotate = async (overlap: string) =>
      (await rotateWebhookSecret({ client: api.admin, throwOnError: true, path: { id }, body: { overlap } })).data;
    const { secret: second, webhook } = await rotate('30d');
    expect(Date.parse(webhook.formerUntil ?? '')).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    await tested(id);
    await eventually(() => expect(toldAt('rotated')).toHaveLength(1));
    const [both] = toldAt('rotated');
    expect(both?.headers['webhook-signature']).toBe(`${signatureBy(second!, both!)} ${signatureBy(secret, both!)}`);
    const { secret: third, webhook: after } = await rotate('0s');
    expect(after.formerUntil).toBeNull();
    await tested(id);
    await eventually(() => expect(toldAt('rotated')).toHaveLength(2));
    const [, alone] = toldAt('rotated');
    expect(alone?.headers['webhook-signature']).toBe(signatureBy(third!, alone!));
  });

  test('sends a routing key to no address that was named without it', async () => {
    const key = 'r'.repeat(32);
    const body = { name: 'pager', url: `${receiver.url}/pager`, form: 'pagerduty', secret: key } as const;
    const { id } = (await createWebhook({ client: api.admin, throwOnError: true, body })).data.webhook;
    const url = `${receiver.url}/elsewhere`;
    const { error } = await editWebhook({ client: api.admin, path: { id }, body: { url } });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'secret' });
    expect((await editWebhook({ client: api.admin, path: { id }, body: { url, secret: key } })).error).toBeUndefined();
    expect((await rotateWebhookSecret({ client: api.admin, path: { id } })).error).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  test('keeps its signing secret, unless that is rotated', async () => {
    const { id } = await made('signing');
    const { error } = await editWebhook({
      client: api.admin,
      path: { id },
      body: { secret: `whsec_${'A'.repeat(43)}=` },
    });
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'secret', hint: `rollcall webhook rotate ${id}` });
  });

  test('in nothing is in no audit', async () => {
    const { id } = await made('same');
    const { data } = await editWebhook({ client: api.admin, path: { id }, body: { name: 'same', kinds: [] } });
    expect(data).toMatchObject({ id, name: 'same' });
    const audit = await listAudit({ client: api.admin, query: { type: ['WebhookEdited'] } });
    expect(audit.data?.items.filter(({ reason }) => reason.includes(id))).toEqual([]);
  });
});
