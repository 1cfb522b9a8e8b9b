import { z } from 'zod';
import { key } from './key-about.js';
import { duration, configuredName, path, port, toggle } from './key-types.js';
import { SESSION_ENGINES } from '../sessions.js';
import { checkList } from './check-keys.js';

/** Copying a token can add characters (a carriage return, quotes within quotes) that make it another one. */
const token = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21\x23-\x26\x28-\x7e]+$/, 'a token has no quotes, blanks or control characters');

const CLOUD_PROVIDERS = ['none', 'aws', 'gcp', 'azure'] as const;

const heartbeat = z.strictObject({
  Interval: duration(
    '15s',
    {
      means: "how often heartbeats are sent; the api's own value is what it tells nodes",
      followed: 'at SIGHUP',
    },
    { min: '100ms', max: '1h' },
  ),
  InfoUpdateInterval: duration(
    '1m',
    { means: 'how often static information is reported', followed: 'at SIGHUP' },
    { min: '1s', max: '1d' },
  ),
});

const reportedText = z.string().trim().min(1).max(256);

/** Settings of agents. */
export const computeKeys = z.strictObject({
  Name: key(configuredName.optional(), {
    means: "this node's id",
    unset: "the host's name",
    followed: 'at joining',
  }),
  Orchestrators: key(
    z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .default(['http://127.0.0.1:8480']),
    { means: 'addresses of the api, tried in this order' },
  ),
  Addresses: key(
    z
      .array(
        z.union(
          [z.ipv4(), z.ipv6(), z.hostname()],
          'an address such as 10.0.0.1, or a name such as node-1.example.com',
        ),
      )
      .max(16)
      .default([]),
    { means: 'addresses by which others may reach this machine, the best first', unset: 'those of its interfaces' },
  ),
  Zone: key(reportedText.optional(), { means: 'where this machine stands', unset: 'as cloud-init knows it' }),
  InstanceId: key(reportedText.optional(), {
    means: 'what its provider calls this machine',
    unset: 'as cloud-init or the firmware says',
  }),
  StateDir: key(path.default('./rollcall-agent'), {
    means: "where the node's key and its sessions' results are kept",
  }),
  Labels: key(z.record(z.string(), z.string()).default({}), {
    means: "`name: value`, for placing sessions and draining sets; administrators' labels go before them",
    followed: 'at SIGHUP',
  }),
  Auth: z
    .strictObject({
      Token: key(token.optional(), {
        means: 'bootstrap or join token, needed once',
        secret: true,
        followed: 'at SIGHUP',
      }),
      RotateAfter: duration(
        '30d',
        {
          means:
            'how old the key of this node may be before the agent replaces it by another; 0: it keeps the one that it joined with',
          followed: 'at SIGHUP',
        },
        { max: '3650d' },
      ),
    })
    .prefault({}),
  TLS: z
    .strictObject({
      CAFile: key(path.optional(), {
        means: 'the only authorities whose certificates the agent accepts, PEM',
        unset: 'those of the system',
        followed: 'at SIGHUP',
      }),
    })
    .prefault({}),
  Heartbeat: heartbeat.prefault({}),
  Checks: key(checkList, {
    means: "what says whether this machine is fit: names of checks that the agent brings, and programs of one's own",
    unset: 'none',
    see: 'operations.md#checks-of-fitness',
    followed: 'at SIGHUP',
  }),
  DrainOnShutdown: duration(
    '0',
    {
      means:
        'how long its sessions may take when the agent is asked to stop: it drains the node first, then says goodbye, and its next start brings the node back; 0: it ends them and stops',
      see: 'operations.md#nodes-that-take-themselves-out',
      followed: 'at SIGHUP',
    },
    { max: '1d' },
  ),
  CloudNotices: z
    .strictObject({
      Provider: key(z.enum(CLOUD_PROVIDERS).default('none'), {
        means:
          'whose announcements that this machine is about to end are read from its metadata server; the node is drained for them',
        see: 'operations.md#notices-of-a-cloud',
      }),
      Address: key(z.url({ protocol: /^http$/ }).optional(), {
        means: "where the provider's metadata server is",
        unset: "the provider's own: `http://169.254.169.254`, for gcp `http://metadata.google.internal`",
      }),
      Interval: duration('5s', { means: 'how often it is asked' }, { min: '1s', max: '1m' }),
    })
    .prefault({}),
  Updates: z
    .strictObject({
      Managed: key(toggle.default(false), {
        means:
          'the api may say which version of the agent runs here; it is fetched from there, and its signature checked',
        see: 'operations.md#updates-of-agents',
      }),
      KeysFile: key(path.optional(), {
        means: 'public keys (Ed25519, PEM) of which one has to have signed a version',
        unset: 'those that came with the package',
      }),
      TrialTimeout: duration(
        '2m',
        { means: 'how long a new version has to be heard by the api; else the former one goes on' },
        { min: '5s', max: '30m' },
      ),
    })
    .prefault({}),
  Sessions: z
    .strictObject({
      Engine: key(z.enum(SESSION_ENGINES).default('duckdb'), {
        means: "what runs sessions: `duckdb`; or `none`, and only other engines' are shown",
        see: 'sessions-endpoint.md',
      }),
      DuckDB: z
        .strictObject({
          AllowExternal: key(toggle.default(false), {
            means: "queries may reach files and the network, as the agent's user may",
          }),
        })
        .prefault({}),
      ResultRetention: duration('1d', { means: 'how long result files stay on the node' }, { min: '1m' }),
      EndpointPort: key(port.optional(), {
        means: 'a port on loopback where other engines show their sessions, beside the socket; 0 takes a free one',
        unit: 'port',
        unset: 'the socket only',
      }),
    })
    .prefault({}),
});
