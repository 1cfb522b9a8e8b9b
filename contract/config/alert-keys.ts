import { z } from 'zod';
import { key } from './key-about.js';
import { duration, path, toggle } from './key-types.js';

const SEE = 'operations.md#alerts-and-webhooks';

/** When alerts are raised. */
export const alertKeys = z.strictObject({
  Settle: duration(
    '2m',
    { means: 'how long something is the matter before an alert is raised, and over before it is cleared', see: SEE },
    { max: '1d' },
  ),
  TokenExpiry: duration(
    '7d',
    {
      means:
        'how long before the end of an api token its alert is raised; those made for less than twice as long have none',
      see: SEE,
    },
    { min: '1h', max: '90d' },
  ),
});

/** Encryption of addresses and secrets of webhooks in MongoDB. */
const secrets = z.strictObject({
  KeyFile: key(path.optional(), {
    means:
      'keys that encrypt addresses and secrets of webhooks in MongoDB: one a line, 32 random bytes in base64; the first encrypts, all of them decrypt',
    unset: 'they are kept in clear',
    see: 'operations.md#secrets-of-webhooks',
    followed: 'with its file',
  }),
  Encrypt: key(toggle.default(true), {
    means:
      'whether they are encrypted. `false` while not all processes have the keys yet, and to go back: what is encrypted is read all the same',
  }),
});

/** How webhooks are delivered. */
export const webhookKeys = z.strictObject({
  AllowPrivate: key(toggle.default(false), {
    means: 'webhooks may be told at addresses of private networks and of this machine',
    see: 'security.md#webhooks',
  }),
  Timeout: duration(
    '10s',
    { means: 'how long a receiver of webhooks may take to answer', see: SEE },
    { min: '100ms', max: '30s' },
  ),
  FirstRetry: duration(
    '5s',
    {
      means:
        'how long after the first attempt the second comes; later ones come ever more rarely, and each hour in the end',
      see: SEE,
    },
    { min: '10ms', max: '10m' },
  ),
  GiveUpAfter: duration(
    '1d',
    { means: 'how long it is tried to tell a webhook something; then it waits to be replayed', see: SEE },
    { min: '1s', max: '7d' },
  ),
  Secrets: secrets.prefault({}),
});
