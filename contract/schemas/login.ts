import { z } from 'zod';
import { ROLES } from '../roles.js';
import { timestamp } from './common.js';

export const loginRequestSchema = z
  .strictObject({ token: z.string().min(1).max(128).meta({ description: 'an api token', format: 'password' }) })
  .meta({ id: 'LoginRequest' });

export const loginSchema = z
  .strictObject({
    name: z.string().meta({ description: 'decisions are written down under this name' }),
    role: z.enum(ROLES),
    via: z.enum(['token', 'login', 'oidc']).meta({
      description: 'token: an api token; login: a cookie of the web page; oidc: a token of the configured issuer',
    }),
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'Login' });

/** Where people sign in besides with an api token. */
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

export const logoutSchema = z
  .strictObject({
    continueAt: z.string().meta({ description: 'where a browser ends the session at the identity provider too' }),
  })
  .meta({ id: 'Logout' });

/** Who somebody is to the api, and by what. */
export type Login = z.infer<typeof loginSchema>;
