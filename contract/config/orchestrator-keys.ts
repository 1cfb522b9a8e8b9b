import { z } from 'zod';
import { conditionKeys } from './condition-keys.js';
import { key } from './key-about.js';
import { bothOrNeither, duration, configuredName, numeric, path, perSecond, port, toggle } from './key-types.js';
import { alertKeys, webhookKeys } from './alert-keys.js';
import { mongodbKeys } from './mongodb-keys.js';
import { auditKeys, retentionKeys } from './retention-keys.js';
import { oidcKeys } from './oidc-keys.js';
import { temporalKeys } from './temporal-keys.js';

/** An address without a path: agents append /v1, and the installer /packages. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => /^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/.test(text), 'it has no user, no path and no query')
  .transform((text) => new URL(text).origin);

const nodeManager = z.strictObject({
  DisconnectTimeout: duration('1m', { means: 'silence after which a node is `UNHEALTHY`' }, { min: '500ms' }),
  UnknownTimeout: duration(
    '5m',
    { means: 'further silence after which it is `UNKNOWN` and its sessions are `LOST`' },
    { min: '500ms' },
  ),
  ManualApproval: key(toggle.default(false), {
    means: 'whether nodes that join with a join token wait for an administrator',
  }),
  MissedHeartbeatsWarning: key(numeric(z.number().int().min(1).max(1_000)).default(2), {
    means: 'missed heartbeats in a row that make a warning',
    unit: 'heartbeats',
  }),
  MaxHeartbeatsPerSecond: perSecond(2_000, {
    means:
      'heartbeats of the whole fleet; nodes of a larger one are told to beat less often, and their DisconnectTimeout stretches as much',
  }),
  MaxHeartbeatSignalsPerSecond: perSecond(50, {
    means: 'heartbeats forwarded to workflows; in a larger fleet only those that change something',
  }),
  MaxLivenessChecksPerSecond: perSecond(5, {
    means: "looks for silent nodes by their workflows, over the fleet; the sweeper's one query a second comes besides",
  }),
  RemoveAfter: duration('0', { means: 'further silence after which it is removed; 0 is never' }),
  UnusedSlotRetention: duration('30d', {
    means: 'how long a slot stays whose bootstrap token has expired unused; 0 is for ever',
  }),
  Conditions: conditionKeys.prefault({}),
  MassSilence: z
    .strictObject({
      Share: key(numeric(z.number().positive().max(1)).default(0.25), {
        means:
          'more than this part of the nodes that beat, silent within one DisconnectTimeout, is a mass silence; 1 turns it off',
        unit: 'part of one',
        see: 'adr/0024-a-mass-silence-is-nobodys-fault.md',
      }),
      AtLeast: key(numeric(z.number().int().min(2).max(1_000_000)).default(10), {
        means: '… and at least so many nodes',
        unit: 'nodes',
      }),
    })
    .prefault({}),
});

/** The api serves HTTPS if both are set. */
const tls = z
  .strictObject({
    CertFile: key(path.optional(), {
      means: 'certificate with those between it and its authority, PEM; with `KeyFile` the api speaks HTTPS',
      followed: 'with its file',
    }),
    KeyFile: key(path.optional(), { means: 'its private key', followed: 'with its file' }),
  })
  .superRefine(bothOrNeither);

/** Settings of the api and the worker. */
export const orchestratorKeys = z.strictObject({
  Name: key(configuredName.optional(), { means: "this replica's node id", unset: "the host's name" }),
  NodeManager: nodeManager.prefault({}),
  API: z
    .strictObject({
      Host: key(z.string().min(1).default('127.0.0.1'), { means: 'address to listen at' }),
      Port: key(port.default(8480), { means: 'port to listen at; 0 takes a free one', unit: 'port' }),
      MaxJoinsPerSecond: perSecond(100, {
        means:
          'registrations, and proven trades for access tokens and logins, of one address; raise it for a large fleet behind one NAT',
      }),
      TLS: tls.prefault({}),
      PublicURL: key(origin.optional(), {
        means:
          'where agents and people reach the api, such as `https://rollcall.example.com`: what installs agents names it',
        unset: 'the address that the request came to',
      }),
      PublicCAFile: key(path.optional(), {
        means:
          "authorities of that address's certificate, PEM, where machines do not know them: what installs agents brings them along",
      }),
      PackagesDir: key(path.optional(), {
        means: "folder with the agent's packages and their `SHA256SUMS`, as `npm run package` makes it",
        unset: '`dist/packages` of the installation',
        see: 'packages.md',
      }),
      TrustedProxies: key(
        z
          .array(
            z.union(
              [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
              'an address such as 10.0.0.1, or a range such as 10.0.0.0/8',
            ),
          )
          .default([]),
        { means: 'addresses and ranges whose `X-Forwarded-*` are believed', unset: "nobody's" },
      ),
      MaxWrongCredentialsPerSecond: perSecond(2, {
        means:
          "wrong credentials of one address before it is told to wait, fifty seconds' worth at once; right ones are let in all the same",
      }),
    })
    .prefault({}),
  Sessions: z
    .strictObject({
      Retention: duration('30d', { means: 'how long records of ended sessions stay' }, { min: '1m' }),
      ConfirmTimeout: duration(
        '1m',
        { means: 'how long a node may take to confirm a session that it was given; then it is released' },
        { min: '1s', max: '1h' },
      ),
    })
    .prefault({}),
  Temporal: temporalKeys.prefault({}),
  Worker: z
    .strictObject({
      MemoryMB: key(numeric(z.number().int().min(400).max(1_000_000)).default(1_024), {
        means: 'what a worker process may take; most of it is for workflows that it keeps at hand',
        unit: 'MB',
        see: 'sizing.md#worker',
      }),
      Deployment: key(
        z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,64}$/, 'a name of 1 to 64 letters, digits, hyphens or underscores')
          .optional(),
        {
          means:
            'name of the worker deployment in Temporal by which versions of workers are kept apart; the same for all workers of the cluster',
          unset: 'they are not',
          see: 'operations.md#two-versions-of-workers',
        },
      ),
      MetricsAddress: key(
        z
          .string()
          .regex(/^(\[[0-9a-f:]+\]|[\d.]+):\d{1,5}$/, 'write it as address:port, such as 127.0.0.1:9464')
          .optional(),
        {
          means:
            'where a worker serves `/livez`, `/readyz` and `/metrics`, such as `127.0.0.1:9464`, without asking who reads them',
          unset: 'nowhere',
        },
      ),
    })
    .prefault({}),
  MongoDB: mongodbKeys.prefault({}),
  AgentUpdates: z
    .strictObject({
      Enabled: key(toggle.default(false), {
        means: 'administrators may have the agents of nodes updated from here, those that are configured for it',
        see: 'operations.md#updates-of-agents',
      }),
    })
    .prefault({}),
  Retention: retentionKeys.prefault({}),
  Audit: auditKeys.prefault({}),
  Alerts: alertKeys.prefault({}),
  Webhooks: webhookKeys.prefault({}),
  Auth: z
    .strictObject({
      AdminTokenFile: key(path.optional(), {
        means: "file with the first administrator's token; its hash is stored at a start where no token exists yet",
        embedded: true,
      }),
      JoinTokenFile: key(path.optional(), {
        means: 'file with a join token for agents that come with the installation',
        embedded: true,
      }),
      OIDC: oidcKeys.prefault({}),
    })
    .prefault({}),
});

/** As agents may report it. */
