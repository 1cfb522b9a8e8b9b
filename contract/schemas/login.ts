import { z } from 'zod';
import { ROLES } from '../grants.js';
import { timestamp, scopedRole, scopeSchema } from './common.js';

export const loginRequestSchema = z
  .strictObject({ token: z.string().min(1).max(128).meta({ description: 'an api token', format: 'password' }) })
  .meta({ id: 'LoginRequest' });

export const loginSchema = z
  .strictObject({
    name: z.string().meta({ description: 'decisions are written down under this name' }),
    role: z.enum(ROLES).meta({ description: 'the role that holds everywhere' }),
    grants: z
      .array(z.strictObject({ role: scopedRole, scope: scopeSchema }).meta({ id: 'ScopedGrant' }))
      .meta({ description: 'further roles, each over the nodes of a scope' }),
    via: z.enum(['token', 'login', 'oidc']).meta({
      description:
        'token: an api token; login: a cookie of the web page, or what the command line got by signing in at the identity provider; oidc: a token of the configured issuer',
    }),
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'Login' });

/** Where people can sign in, besides with an api token. */
export const loginProviderSchema = z
  .strictObject({
    name: z.string().nullable().meta({ description: 'null: nobody signs in at an identity provider here' }),
  })
  .meta({ id: 'LoginProvider' });

export const providerLoginStartSchema = z
  .strictObject({ url: z.string().meta({ description: 'where the browser goes to sign in' }) })
  .meta({ id: 'ProviderLoginStart' });

export const providerLoginRequestSchema = z
  .strictObject({
    answer: z
      .string()
      .min(1)
      .max(4_000)
      .meta({ description: 'the query that the provider sent the browser back with, without its question mark' }),
  })
  .meta({ id: 'ProviderLoginRequest' });

const pollAfterS = z.int().min(1).max(300).meta({ description: 'seconds to wait before asking what became of it' });

export const deviceLoginSchema = z
  .strictObject({
    handle: z.string().meta({ description: 'asks what became of it: a secret', format: 'password' }),
    userCode: z.string().meta({ description: 'what the person enters, or compares, at the identity provider' }),
    verificationUri: z.string().meta({ description: 'where the person signs in, in any browser' }),
    verificationUriComplete: z
      .string()
      .nullable()
      .meta({ description: 'the same with the code in it; null: the provider has no such address' }),
    pollAfterS,
    expiresAt: timestamp,
  })
  .meta({ id: 'DeviceLogin' });

export const deviceLoginPollRequestSchema = z
  .strictObject({ handle: z.string().min(1).max(128).meta({ format: 'password' }) })
  .meta({ id: 'DeviceLoginPollRequest' });

export const deviceLoginPollSchema = z
  .strictObject({
    pollAfterS: pollAfterS.nullable().meta({ description: 'seconds to wait before asking again; null: it is over' }),
    token: z.string().nullable().meta({
      description: 'what the command line sends as a bearer; null: the person has not signed in yet',
      format: 'password',
    }),
    login: loginSchema.nullable(),
  })
  .meta({ id: 'DeviceLoginPoll' });

export const logoutSchema = z
  .strictObject({
    continueAt: z.string().meta({ description: 'where a browser ends the session at the identity provider too' }),
  })
  .meta({ id: 'Logout' });

/** The caller's identity, and the credential that proves it. */
export type Login = z.infer<typeof loginSchema>;
