import { expect, test } from '@jest/globals';
import {
  createApiToken,
  getLogin,
  listApiTokens,
  listAudit,
  revokeApiToken,
  rotateApiToken,
} from '../../../client/index.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

const make = async (name: string, expiresIn = '90d') =>
  (await createApiToken({ client: api.admin, throwOnError: true, body: { name, role: 'operator', expiresIn } })).data;
const rotate = (id: string, body: { overlap?: string; expiresIn?: string } = {}) =>
  rotateApiToken({ client: api.admin, path: { id }, body });
const statusOf = async (token: string) => (await getLogin({ client: api.as(token) })).response?.status;

test('the secret of before works beside the new one, and both are the same token', async () => {
  const { apiToken, token } = await make('backup');
  const { data } = await rotate(apiToken.id, { expiresIn: '30d', overlap: '1h' });
  expect(data?.apiToken).toMatchObject({ id: apiToken.id, name: 'backup', role: 'operator', revoked: false });
  expect(Date.parse(data!.apiToken.formerUntil!)).toBeLessThan(Date.parse(data!.apiToken.expiresAt!));
  expect(data!.token).not.toBe(token);
  expect([await statusOf(token), await statusOf(data!.token)]).toEqual([200, 200]);
  // Who it is until when: what is lent by the former secret ends with it.
  const former = await getLogin({ client: api.as(token), throwOnError: true });
  expect(former.data).toMatchObject({ name: 'backup', expiresAt: data!.apiToken.formerUntil });

  const audit = await listAudit({ client: api.admin, throwOnError: true, query: { token: apiToken.id } });
  expect(audit.data.items.map(({ type, reason }) => [type, reason])).toEqual([
    ['ApiTokenRotated', 'backup, the secret of before works for 1h'],
    ['ApiTokenCreated', 'backup, role operator'],
  ]);
  expect(JSON.stringify((await listApiTokens({ client: api.admin })).data)).not.toMatch(/secret/i);
});

test('only the latest two secrets work, and one that is replaced without an overlap does not', async () => {
  const { apiToken, token } = await make('deploy');
  const second = (await rotate(apiToken.id)).data!.token;
  const third = (await rotate(apiToken.id)).data!.token;
  expect([await statusOf(token), await statusOf(second), await statusOf(third)]).toEqual([401, 200, 200]);
  const fourth = (await rotate(apiToken.id, { overlap: '0s' })).data!.token;
  expect([await statusOf(third), await statusOf(fourth)]).toEqual([401, 200]);
});

test('the secret of before works no longer than it did', async () => {
  const { apiToken } = await make('short', '1m');
  const { data } = await rotate(apiToken.id, { overlap: '30d' });
  expect(data?.apiToken.formerUntil).toBe(apiToken.expiresAt);
});

test('of two who rotate at once, each is told which secrets work', async () => {
  const { apiToken, token } = await make('raced');
  const answers = await Promise.all([rotate(apiToken.id), rotate(apiToken.id)]);
  const made = answers.flatMap(({ data }) => (data ? [data.token] : []));
  expect(made.length).toBeGreaterThanOrEqual(1);
  const working = await Promise.all([token, ...made].map(statusOf));
  // The latest, and the one before it.
  expect(working.filter((status) => status === 200)).toHaveLength(2);
});

test('what ended, or is not there, is not rotated', async () => {
  const { apiToken } = await make('gone');
  await revokeApiToken({ client: api.admin, path: { id: apiToken.id } });
  expect((await rotate(apiToken.id)).error).toMatchObject({ code: 'TOKEN_ENDED' });
  expect((await rotate('0123456789abcdef')).error).toMatchObject({ code: 'NOT_FOUND' });
  expect((await rotate(apiToken.id, { overlap: '31d' })).error).toMatchObject({ field: 'overlap' });
});

test('the last administrator stays one for a day', async () => {
  const { id } = (await listApiTokens({ client: api.admin })).data!.items.find(({ role }) => role === 'admin')!;
  expect((await rotate(id, { expiresIn: '1h' })).error).toMatchObject({ code: 'LAST_ADMINISTRATOR' });
});
