import { z } from 'zod';
import { NAME_PATTERN_SYNTAX } from '../name-pattern.js';
import { ROLES, whyNoGrant } from '../grants.js';
import {
  boundedDuration,
  count,
  labels,
  lifetime,
  nodeName,
  pageOf,
  pageQuery,
  prose,
  timestamp,
  scopeSchema,
} from './common.js';

export const createJoinTokenRequestSchema = z
  .strictObject({
    description: prose(256).default(''),
    maxUses: z.number().int().min(1).max(1_000_000).default(1),
    expiresIn: lifetime('24h', '1m', '365d'),
    labels: labels.default({}),
    namePattern: z
      .string()
      .regex(
        NAME_PATTERN_SYNTAX,
        'a name pattern has 1 to 63 lower-case letters, digits, dots, hyphens and stars: pool-a-*',
      )
      .optional()
      .meta({ description: 'nodes of other names are refused; * stands for any characters', example: 'pool-a-*' }),
    autoApprove: z
      .boolean()
      .optional()
      .meta({ description: 'where absent, Orchestrator.NodeManager.ManualApproval decides' }),
    removeAfter: boundedDuration('1m', '365d').optional().meta({
      description:
        'makes the nodes that join with it ephemeral: each is removed once it has been UNKNOWN for so long, after its goodbye as after any silence; where absent, Orchestrator.NodeManager.RemoveAfter decides',
      example: '1h',
    }),
  })
  .meta({ id: 'CreateJoinTokenRequest' });

export const joinTokenSchema = z
  .strictObject({
    id: z.string(),
    description: z.string(),
    uses: count,
    maxUses: count,
    expiresAt: timestamp,
    labels,
    namePattern: z.string().nullable(),
    autoApprove: z.boolean().nullable(),
    removeAfter: z.string().nullable().meta({
      description: 'how long its nodes may be UNKNOWN before they are removed; null: as configured',
      example: '1h',
    }),
    revoked: z.boolean(),
    createdAt: timestamp,
    createdBy: z.string(),
  })
  .meta({ id: 'JoinToken' });

export const joinTokenPageSchema = pageOf(joinTokenSchema).meta({ id: 'JoinTokenPage' });

/** Who joined with a token, when, and from which address. */
export const tokenUseSchema = z
  .strictObject({ node: nodeName, uid: z.uuid(), at: timestamp, from: z.string().nullable() })
  .meta({ id: 'TokenUse' });
export const tokenUsePageSchema = pageOf(tokenUseSchema).meta({ id: 'TokenUsePage' });

/** Lifetime of a bootstrap token. */
export const bootstrapLifetime = lifetime('30m', '1m', '24h');
export const createBootstrapTokenRequestSchema = z
  .strictObject({ expiresIn: bootstrapLifetime })
  .meta({ id: 'CreateBootstrapTokenRequest' });

/** How to join a machine with a token. */
export const installSchema = z
  .strictObject({
    configYaml: z.string().meta({ description: "lines for the agent's configuration file" }),
    command: z.string().meta({ description: 'a command of sh that does all of it on the machine' }),
    cloudInit: z.string().meta({ description: 'user data for cloud-init that does it at the first boot' }),
    ansible: z.string().meta({ description: 'a playbook for Ansible that does it' }),
    isPackageServed: z
      .boolean()
      .meta({ description: 'whether this api has packages of the agent, without which only configYaml is of use' }),
  })
  .meta({ id: 'Install' });

export const createJoinTokenResponseSchema = z
  .strictObject({
    joinToken: joinTokenSchema,
    token: z.string().meta({ description: 'shown once' }),
    install: installSchema,
  })
  .meta({ id: 'CreateJoinTokenResponse' });

export const bootstrapTokenResponseSchema = z
  .strictObject({
    bootstrapToken: z.string(),
    expiresAt: timestamp,
    install: installSchema,
  })
  .meta({ id: 'BootstrapTokenResponse' });

export const createApiTokenRequestSchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9](?:[A-Za-z0-9@._-]{0,61}[A-Za-z0-9])?$/,
        'a token name has 1 to 63 letters, digits, dots, hyphens, underscores or @',
      )
      .meta({ description: 'who uses it: decisions are written down under this name' }),
    role: z.enum(ROLES).meta({ example: 'operator' }),
    scope: scopeSchema.optional().meta({
      description: 'limits the role to nodes that have all of these labels; absent: the role holds everywhere',
    }),
    expiresIn: lifetime('90d', '1m', '3650d'),
  })
  .superRefine((request, context) => {
    const fault = whyNoGrant(request);
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['scope'], message: fault });
  })
  .meta({ id: 'CreateApiTokenRequest' });

export const rotateApiTokenRequestSchema = z
  .strictObject({
    expiresIn: lifetime('90d', '1m', '3650d'),
    overlap: lifetime('24h', '0s', '30d').meta({
      description: 'how long the secret of before works beside the new one',
    }),
  })
  .meta({ id: 'RotateApiTokenRequest' });

export const apiTokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES).meta({ example: 'operator' }),
    scope: scopeSchema
      .nullable()
      .meta({ description: 'the role holds for nodes with all of these labels only; null: everywhere' }),
    createdAt: timestamp,
    createdBy: z.string(),
    expiresAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().meta({ description: 'to the minute' }),
    formerUntil: timestamp
      .nullable()
      .meta({ description: 'until then the secret of before the latest rotation works too; null: it does not' }),
    revoked: z.boolean(),
  })
  .meta({ id: 'ApiToken' });

export const createApiTokenResponseSchema = z
  .strictObject({ apiToken: apiTokenSchema, token: z.string().meta({ description: 'shown once' }) })
  .meta({ id: 'CreateApiTokenResponse' });

export const apiTokenPageSchema = pageOf(apiTokenSchema).meta({ id: 'ApiTokenPage' });
export const tokenListQuerySchema = z.strictObject(pageQuery);
/** The public part of a token. */
export const tokenId = z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'the part of a token between its two underscores');
