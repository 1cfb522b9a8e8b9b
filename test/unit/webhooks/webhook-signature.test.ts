import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { newWebhookSecret, signedHeaders } from '../../../src/webhooks/webhook-signature.js';

test("a body is signed as in the specification's example", () => {
  expect(
    signedHeaders(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    ),
  ).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test("a generated secret has the specification's form", () => {
  const secret = newWebhookSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newWebhookSecret()).not.toBe(secret);
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  expect(key).toHaveLength(32);
  const { 'webhook-signature': signature } = signedHeaders([secret], 'msg_1', 1_000, 'body');
  expect(signature).toBe(`v1,${createHmac('sha256', key).update('msg_1.1.body').digest('base64')}`);
});

test('during a rotation a body has a signature by each secret', () => {
  const [present, former] = [newWebhookSecret(), newWebhookSecret()];
  const signatureBy = (secrets: string[]) => signedHeaders(secrets, 'msg_1', 1_000, 'body')['webhook-signature'];
  expect(signatureBy([present, former])).toBe(`${signatureBy([present])} ${signatureBy([former])}`);
});
