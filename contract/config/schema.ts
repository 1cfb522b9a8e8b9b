import { z } from 'zod';
import { expandHome } from './expand-home.js';
import { formatDuration, parseDuration } from '../duration.js';
import { NODE_NAME_PATTERN } from '../node-name.js';
import { ROLES } from '../roles.js';
import { SESSION_ENGINES } from '../sessions.js';

/** Durations are written as text (`15s`) and read as milliseconds. */
function duration(fallback: string, bounds: { min?: string; max?: string } = {}) {
  const min = parseDuration(bounds.min ?? '0') as number;
  const max = parseDuration(bounds.max ?? '365d') as number;
  const syntax = 'a duration is written as 15s, 1m or 1h30m';
  return (
    z
      // YAML reads a bare 0 or 15 as a number: 0 is a duration, 15 gets the same sentence as "15".
      .union([z.string(), z.number().transform(String)], syntax)
      .default(fallback)
      .transform((text, context) => {
        const ms = parseDuration(text);
        if (ms === undefined) {
          context.addIssue({ code: 'custom', message: syntax });
          return z.NEVER;
        }
        if (ms < min || ms > max) {
          context.addIssue({
            code: 'custom',
            message: `it must be from ${formatDuration(min)} to ${formatDuration(max)}`,
          });
          return z.NEVER;
        }
        return ms;
      })
  );
}

const nodeName = z
  .string()
  .regex(
    NODE_NAME_PATTERN,
    'a node name has 1 to 63 lower-case letters, digits, dots or hyphens, and begins and ends with a letter or digit',
  );
/** The environment and flags give numbers as text. (z.coerce would make numbers of true, "" and [5] too.) */
const numeric = (type: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), type);
const port = numeric(z.number().int().min(0).max(65_535));
const perSecond = (fallback: number) => numeric(z.number().positive().max(1_000_000)).default(fallback);
const toggle = z.union([z.boolean(), z.stringbool()], 'it must be true or false');
const path = z
  .string()
  .min(1)
  .transform((text) => expandHome(text));
/** What comes along where a token is copied (a line break of another system, quotes within quotes) makes it another one. */
const token = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21\x23-\x26\x28-\x7e]+$/, 'a token has no quotes, blanks or control characters');
const labels = z.record(z.string(), z.string()).default({});

const heartbeat = z.strictObject({
  Interval: duration('15s', { min: '100ms', max: '1h' }),
  InfoUpdateInterval: duration('1m', { min: '1s', max: '1d' }),
});

const nodeManager = z.strictObject({
  DisconnectTimeout: duration('1m', { min: '500ms' }),
  UnknownTimeout: duration('5m', { min: '500ms' }),
  ManualApproval: toggle.default(false),
  MissedHeartbeatsWarning: numeric(z.number().int().min(1).max(1_000)).default(2),
  /** Of the whole fleet: nodes of a larger one are told to beat more seldom. */
  MaxHeartbeatsPerSecond: perSecond(2_000),
  MaxHeartbeatSignalsPerSecond: perSecond(50),
  MaxLivenessChecksPerSecond: perSecond(5),
  RemoveAfter: duration('0'),
  /** After the bootstrap token of a slot has expired unused; 0 keeps it for good. */
  UnusedSlotRetention: duration('30d'),
  /** So many nodes that fall silent within one DisconnectTimeout are a mass silence: their sessions and they themselves are kept. */
  MassSilence: z
    .strictObject({
      /** More than this part of the nodes that beat; 1 turns it off. */
      Share: numeric(z.number().positive().max(1)).default(0.25),
      AtLeast: numeric(z.number().int().min(2).max(1_000_000)).default(10),
    })
    .prefault({}),
});

/** The api serves HTTPS where both are set. */
const tls = z
  .strictObject({
    /** The certificate and those between it and its authority, in PEM form. */
    CertFile: path.optional(),
    KeyFile: path.optional(),
  })
  .superRefine(({ CertFile, KeyFile }, context) => {
    if ((CertFile === undefined) === (KeyFile === undefined)) return;
    const [has, lacks] = CertFile === undefined ? ['KeyFile', 'CertFile'] : ['CertFile', 'KeyFile'];
    context.addIssue({ code: 'custom', path: [lacks], message: `only ${has} is set, and TLS needs both` });
  });

/** Administrators may come with tokens (JWTs) of this issuer too. Off where no issuer is named. */
const oidc = z
  .strictObject({
    /** As its discovery document and its tokens name it. */
    Issuer: z.url({ protocol: /^https?$/ }).optional(),
    /** What its tokens for this api name as `aud`. */
    Audience: z.string().min(1).optional(),
    /** The claim with the names of roles or groups; a path such as realm_access.roles for one within another. */
    RolesClaim: z.string().min(1).default('roles'),
    /** Role here by name there. Whoever has none of these gets in nowhere. */
    RoleMapping: z.record(z.string(), z.enum(ROLES)).default({}),
  })
  .superRefine(({ Issuer, Audience, RoleMapping }, context) => {
    if (Issuer === undefined) return;
    const { protocol, hostname } = new URL(Issuer);
    const issues: Record<string, string | false> = {
      Issuer:
        protocol === 'http:' &&
        !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname) &&
        'without https anyone on the way could sign as the issuer',
      Audience: Audience === undefined && 'tokens that the issuer made for other programs would open this one',
      RoleMapping:
        Object.keys(RoleMapping).length === 0 &&
        'nobody would have a role; write it as name there: viewer, operator or admin',
    };
    for (const [key, message] of Object.entries(issues))
      if (message !== false) context.addIssue({ code: 'custom', path: [key], message });
  });

const orchestrator = z.strictObject({
  /** This api replica's node id; the host's name where it is not set. */
  Name: nodeName.optional(),
  NodeManager: nodeManager.prefault({}),
  API: z
    .strictObject({
      Host: z.string().min(1).default('127.0.0.1'),
      Port: port.default(8480),
      /** Registrations, access tokens and logins that one address may ask for: nodes behind one NAT share an address. */
      MaxJoinsPerSecond: perSecond(100),
      TLS: tls.prefault({}),
      /** Proxies whose X-Forwarded-For, -Proto and -Host are believed; nobody's where none is named. */
      TrustedProxies: z
        .array(
          z.union(
            [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
            'an address such as 10.0.0.1, or a range such as 10.0.0.0/8',
          ),
        )
        .default([]),
      /** Wrong credentials that one address may show, in the long run; fifty seconds' worth of them at once. */
      MaxWrongCredentialsPerSecond: perSecond(2),
    })
    .prefault({}),
  Sessions: z
    .strictObject({
      /** How long the records of ended sessions stay. */
      Retention: duration('30d', { min: '1m' }),
      /** A session that its node has not confirmed after this time is released. */
      ConfirmTimeout: duration('1m', { min: '1s', max: '1h' }),
    })
    .prefault({}),
  Temporal: z
    .strictObject({
      /** host:port; where it is not set, `npm start` runs a server of its own. */
      Address: z.string().min(1).optional(),
      Namespace: z.string().min(1).default('default'),
      TaskQueue: z.string().min(1).default('rollcall'),
      /** Where people find the Temporal Web UI, for links. */
      WebUI: z.url().optional(),
    })
    .prefault({}),
  Worker: z
    .strictObject({
      /** What a worker process may take, in megabytes: most of it is for workflows that it keeps at hand. */
      MemoryMB: numeric(z.number().int().min(400).max(1_000_000)).default(1_024),
      /** Where the worker serves its metrics to Prometheus, without asking who reads them; nowhere where it is not set. */
      MetricsAddress: z
        .string()
        .regex(/^(\[[0-9a-f:]+\]|[\d.]+):\d{1,5}$/, 'write it as address:port, such as 127.0.0.1:9464')
        .optional(),
    })
    .prefault({}),
  MongoDB: z
    .strictObject({
      URI: z
        .string()
        .regex(/^mongodb(\+srv)?:\/\//, 'a MongoDB URI begins with mongodb:// or mongodb+srv://')
        .optional(),
    })
    .prefault({}),
  Auth: z
    .strictObject({
      /** A file that holds the first administrator's token; its hash is stored at start where no token exists yet. */
      AdminTokenFile: path.optional(),
      /** A file that holds a join token for agents that come with the installation (docker compose). */
      JoinTokenFile: path.optional(),
      OIDC: oidc.prefault({}),
    })
    .prefault({}),
});

const compute = z.strictObject({
  /** This node's id; the host's name where it is not set. */
  Name: nodeName.optional(),
  Orchestrators: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .default(['http://127.0.0.1:8480']),
  StateDir: path.default('./rollcall-agent'),
  Labels: labels,
  Auth: z.strictObject({ Token: token.optional() }).prefault({}),
  /** A file with the only authorities whose certificates the agent accepts of the api, instead of those that the system knows. */
  TLS: z.strictObject({ CAFile: path.optional() }).prefault({}),
  Heartbeat: heartbeat.prefault({}),
  Sessions: z
    .strictObject({
      /** What runs the sessions that are placed here; with none, only other engines' are shown. */
      Engine: z.enum(SESSION_ENGINES).default('duckdb'),
      DuckDB: z
        .strictObject({
          /** Queries may read and write files and the network, as the agent's user may. */
          AllowExternal: toggle.default(false),
        })
        .prefault({}),
      /** How long result files stay on the node. */
      ResultRetention: duration('1d', { min: '1m' }),
      /** Port of the loopback endpoint where other engines show their sessions; 0 is any free one, none where it is not set. */
      EndpointPort: port.optional(),
    })
    .prefault({}),
});

/** Every key of config.yaml. Unknown keys are errors; `loadConfig` names the nearest known one. */
export const configSchema = z.strictObject({
  Orchestrator: orchestrator.prefault({}),
  Compute: compute.prefault({}),
  WebUI: z.strictObject({ PollInterval: duration('5s', { min: '1s', max: '1h' }) }).prefault({}),
});

/** The configuration as code reads it: durations are milliseconds. */
export type Config = z.output<typeof configSchema>;
