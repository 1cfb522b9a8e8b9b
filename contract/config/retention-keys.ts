import { z } from 'zod';
import { key, type KeyAbout } from './key-about.js';
import { duration, numeric, path } from './key-types.js';

const SEE = 'operations.md#retention-and-the-audit';
const kept = (fallback: string, about: KeyAbout) => duration(fallback, about, { max: '3650d' });

/** How long finished data stays in MongoDB. 0 is for ever. */
export const retentionKeys = z.strictObject({
  Audit: kept('365d', {
    means: 'how long events of the audit stay: decisions, tokens, alarms; 0 is for ever',
    see: SEE,
  }),
  Events: kept('90d', { means: 'how long other events of nodes stay; 0 is for ever', see: SEE }),
  RemovedNodes: kept('90d', {
    means: 'how long removed nodes are known; until then their agents are told that they were removed; 0 is for ever',
    see: SEE,
  }),
  Tokens: kept('90d', {
    means: 'how long tokens stay that have expired or were revoked; 0 is for ever',
    see: SEE,
  }),
  Drains: kept('90d', { means: 'how long drains of sets stay that are over; 0 is for ever', see: SEE }),
  IdempotencyKeys: duration(
    '1d',
    { means: 'how long an answer is repeated to whoever repeats a request with its `Idempotency-Key`' },
    { min: '1h', max: '30d' },
  ),
});

/** Where the audit is kept besides MongoDB. */
export const auditKeys = z.strictObject({
  File: key(path.optional(), {
    means: 'a file to which a worker appends each event, and whatever it deletes for its age, as JSON lines',
    unset: 'none',
    see: SEE,
  }),
  FileMaxMB: key(numeric(z.number().int().min(1).max(1_000_000)).default(100), {
    means: 'a file that would grow over this is put aside under its name with the time',
    unit: 'MB',
  }),
  OTLPEndpoint: key(z.url({ protocol: /^https?$/ }).optional(), {
    means: 'an OpenTelemetry collector that takes the same as logs over HTTP, such as `http://127.0.0.1:4318/v1/logs`',
    unset: 'none',
    see: SEE,
  }),
});
