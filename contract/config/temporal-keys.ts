import { z } from 'zod';
import { bothOrNeither, path, toggle } from './key-types.js';
import { key } from './key-about.js';

/** Temporal's default namespace. */
export const DEFAULT_NAMESPACE = 'default';

const FOLLOWED = { followed: 'with its file' } as const;

const tls = z
  .strictObject({
    Enabled: key(toggle.optional(), {
      means: 'whether Temporal is spoken to over TLS',
      unset: 'where anything else here, or an API key, is set',
    }),
    CAFile: key(path.optional(), {
      means: 'the only authorities whose certificates are accepted of Temporal, PEM',
      unset: 'those of the system',
      ...FOLLOWED,
    }),
    CertFile: key(path.optional(), { means: "this process's own certificate for Temporal, PEM", ...FOLLOWED }),
    KeyFile: key(path.optional(), { means: 'its private key', ...FOLLOWED }),
    ServerName: key(z.string().min(1).optional(), {
      means: "name that Temporal's certificate must have",
      unset: "the address's",
    }),
  })
  .superRefine(bothOrNeither)
  .superRefine(({ Enabled, ...others }, context) => {
    const [set] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (Enabled !== false || set === undefined) return;
    context.addIssue({ code: 'custom', path: ['Enabled'], message: `with ${set} it is TLS` });
  });

/** Encryption of what Temporal stores. */
const payloads = z.strictObject({
  KeyFile: key(path.optional(), {
    means:
      'keys that encrypt what Temporal keeps of nodes and sessions: one a line, 32 random bytes in base64; the first encrypts, all of them decrypt',
    unset: 'it is kept in clear',
    see: 'operations.md#payloads-in-temporal',
    ...FOLLOWED,
  }),
  Encrypt: key(toggle.default(true), {
    means:
      'whether what is new is encrypted. `false` while not all processes have the keys yet, and where encryption is given up: what is encrypted is read all the same',
  }),
});

/** How Temporal is reached. These keys override Temporal's own profile file, which overrides the defaults. */
export const temporalKeys = z.strictObject({
  Address: key(z.string().min(1).optional(), { means: '`host:port`', unset: "the profile's", embedded: true }),
  Namespace: key(z.string().min(1).optional(), {
    means: 'belongs to one cluster',
    unset: `the profile's, or \`${DEFAULT_NAMESPACE}\``,
    see: 'adr/0022-a-namespace-belongs-to-one-cluster.md',
  }),
  TaskQueue: key(z.string().min(1).default('rollcall'), {
    means: "queue of the workers; the sweeper's is `<TaskQueue>-sweep`",
  }),
  WebUI: key(z.url().optional(), {
    means: "where people find Temporal's Web UI: for links, and from there payloads are decrypted for who is logged in",
    embedded: true,
  }),
  ProfileFile: key(path.optional(), {
    means:
      "Temporal's own client configuration (`temporal.toml`), with address, namespace, TLS and API key; `TEMPORAL_*` of the environment go before it",
    unset: 'neither is read',
    see: 'operations.md#a-secured-temporal',
  }),
  Profile: key(z.string().min(1).optional(), {
    means: 'which of its profiles',
    unset: '`TEMPORAL_PROFILE`, or `default`',
  }),
  APIKeyFile: key(path.optional(), {
    means: 'file with the API key, or another bearer that Temporal takes; sent over TLS only',
    ...FOLLOWED,
  }),
  TLS: tls.prefault({}),
  Payloads: payloads.prefault({}),
});
