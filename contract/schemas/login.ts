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

/** Who somebody is to the api, and by what. */
export type Login = z.infer<typeof loginSchema>;
