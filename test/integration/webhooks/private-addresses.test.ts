import { describe, expect, test } from '@jest/globals';
import { createWebhook } from '../../../client/index.js';
import { guardedPost } from '../../../src/webhooks/guarded-post.js';
import { useApi } from '../../support/api/api-under-test.js';
import { useReceiver } from '../../support/webhooks/receiver.js';

const api = useApi();
const receiver = useReceiver();

const posted = (host: string, allowPrivate: boolean) =>
  guardedPost({
    url: receiver.url.replace('127.0.0.1', host),
    headers: {},
    body: '{}',
    timeoutMs: 5_000,
    allowPrivate,
  });

describe('an address of this machine', () => {
  test.each(['127.0.0.1', '127.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])(
    'is not contacted, however it is written: %s',
    async (host) => {
      await expect(posted(host, false)).rejects.toThrow('is an address of a private network');
      expect(receiver.told).toEqual([]);
    },
  );

  test('is contacted if that is configured', async () => {
    expect(await posted('localhost', true)).toMatchObject({ status: 204 });
  });
});

test.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://169.254.169.254/latest',
  'http://localhost/',
  'http://10.0.0.1/',
])('no webhook is created for %s', async (url) => {
  const { error } = await createWebhook({ client: api.admin, body: { name: 'inside', url } });
  expect(error).toMatchObject({ code: 'VALIDATION_FAILED', field: 'url' });
});

test.each(['ftp://example.com/', 'https://ann:secret@example.com/', 'no address'])('%s is no address', async (url) => {
  const { error } = await createWebhook({ client: api.admin, body: { name: 'outside', url } });
  expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
});
