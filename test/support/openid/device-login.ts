import { expect } from '@jest/globals';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Collection, Connection } from 'mongoose';
import type { ApiUnderTest } from '../api/api-under-test.js';
import { confirmDevice } from './confirm-device.js';

type Raw = Pick<ApiUnderTest, 'raw'>;
export type BegunDeviceLogin = {
  handle: string;
  userCode: string;
  verificationUriComplete: string;
  pollAfterS: number;
};

/** How a command line and its person sign in at an api, request by request. */
export const deviceLogin = {
  post: (path: string, body: unknown, from: Raw) =>
    from.raw(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),

  async begin(from: Raw): Promise<BegunDeviceLogin> {
    const response = await deviceLogin.post('/v1/login/device', {}, from);
    expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)]);
    return (await response.json()) as BegunDeviceLogin;
  },

  poll: (handle: string, from: Raw) => deviceLogin.post('/v1/login/device/poll', { handle }, from),

  async signIn(as: string, from: Raw): Promise<string> {
    const { handle, verificationUriComplete } = await deviceLogin.begin(from);
    await confirmDevice(verificationUriComplete, as);
    const { token } = (await (await deviceLogin.poll(handle, from)).json()) as { token: string };
    expect(token).toMatch(/^rcl_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    return token;
  },

  whoIs: (token: string, from: Raw) => from.raw('/v1/login', { headers: { authorization: `Bearer ${token}` } }),

  /** Command lines that wait, as documents. */
  pending: ({ app }: Pick<ApiUnderTest, 'app'>): Collection =>
    app.get<Connection>(getConnectionToken()).collection('devicelogins'),

  /** Makes the provider's poll interval pass. */
  letPoll: (api: Pick<ApiUnderTest, 'app'>) => deviceLogin.pending(api).updateMany({}, { $set: { nextPollAt: 0 } }),
};
