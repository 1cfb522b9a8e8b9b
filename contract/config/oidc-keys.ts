import { z } from 'zod';
import { key } from './key-about.js';
import { duration, path } from './key-types.js';
import { parseGrant } from '../grants.js';

/** Kept as text, so that the configuration is shown as written; the api parses it where it is used. */
const grant = z.string().superRefine((text, context) => {
  const parsed = parseGrant(text);
  if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
});

/** Lets administrators of this identity provider in, with its tokens (JWTs) and by signing in there. Off if no issuer is named. */
export const oidcKeys = z
  .strictObject({
    Issuer: key(z.url({ protocol: /^https?$/ }).optional(), {
      means: 'an identity provider whose people come in, as its tokens name it',
      unset: 'off',
    }),
    Audience: key(z.string().min(1).optional(), {
      means: 'what its tokens for this api name as `aud`: those are accepted as bearers',
      unset: 'none are',
    }),
    ClientId: key(z.string().min(1).max(256).optional(), {
      means: 'what this cluster is to the provider: people sign in there, from the page',
      unset: 'they cannot',
      see: 'operations.md#signing-in-at-a-provider',
    }),
    ClientSecretFile: key(path.optional(), {
      means: 'file with the secret that goes with ClientId',
      unset: 'a public client',
      followed: 'with its file',
    }),
    Scopes: key(
      z
        .string()
        .regex(/^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'it begins with openid')
        .default('openid profile email'),
      {
        means: 'what the provider is asked for; with `offline_access` where it gives refresh tokens for that alone',
      },
    ),
    Name: key(z.string().min(1).max(64).optional(), {
      means: "the provider's name, for the button of the page",
      unset: "the issuer's host",
    }),
    NameClaim: key(z.string().min(1).default('preferred_username'), {
      means:
        'the claim with the name that events have, after `oidc:`; where it is missing, or an email that is not verified: `sub`',
    }),
    RolesClaim: key(z.string().min(1).default('roles'), {
      means: 'the claim with roles or groups; a path such as `realm_access.roles`',
    }),
    RoleMapping: key(z.record(z.string(), grant).default({}), {
      means:
        'name there: `viewer`, `operator` or `admin`, or a role over the nodes with these labels: `operator on pool=gpu`; several names give all of their roles, and people without any are refused',
      see: 'security.md#scopes',
    }),
    CheckEvery: duration(
      '5m',
      {
        means:
          'how often the provider is asked, by a refresh, whether a person who is signed in still may be; where it does not answer, they are out after twice that',
      },
      { min: '1s', max: '12h' },
    ),
    MaxUnchecked: duration(
      '1h',
      {
        means:
          'how long a login lasts at most where the provider gave no refresh token, so that it cannot be asked again; no longer than the ID token in any case',
        see: 'security.md#logins-at-an-identity-provider',
      },
      { min: '1m', max: '12h' },
    ),
  })
  .superRefine(({ Issuer, Audience, ClientId, ClientSecretFile, RoleMapping }, context) => {
    const issues = Issuer === undefined ? unowned({ ClientId, ClientSecretFile }) : faults(Issuer);
    for (const [name, message] of Object.entries(issues))
      if (message !== false) context.addIssue({ code: 'custom', path: [name], message });

    function faults(issuer: string): Record<string, string | false> {
      const { protocol, hostname } = new URL(issuer);
      return {
        Issuer:
          protocol === 'http:' &&
          !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname) &&
          'without https anyone on the way could sign as the issuer',
        Audience:
          Audience === undefined &&
          ClientId === undefined &&
          'tokens that the issuer made for other programs would open this one',
        RoleMapping:
          Object.keys(RoleMapping).length === 0 &&
          'nobody would have a role; write it as name there: viewer, operator or admin',
        ClientId: ClientSecretFile !== undefined && ClientId === undefined && 'a secret alone names no client',
      };
    }
  });

function unowned(set: Record<string, string | undefined>): Record<string, string | false> {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => [name, value !== undefined && 'it needs an Issuer'] as const),
  );
}
