import { z } from 'zod';
import { AUDITED_EVENTS } from '../audit.js';
import { nodeName, pageOf, pageQuery, prose, timestamp } from './common.js';
import { tokenId } from './tokens.js';

export const auditEventSchema = z
  .strictObject({
    id: z.string(),
    at: timestamp,
    type: z.enum(AUDITED_EVENTS),
    node: nodeName.nullable().meta({ description: 'null where it is about no node' }),
    uid: z.uuid().nullable(),
    token: z.string().nullable().meta({ description: 'id of the token that was made, used, refused or revoked' }),
    by: z.string(),
    byId: z.string().nullable().meta({
      description: 'id of the token that they acted with, or issuer and subject; null where no administrator did it',
    }),
    reason: z.string(),
    from: z.string().nullable().meta({ description: 'the address that the request came from' }),
  })
  .meta({ id: 'AuditEvent' });

export const auditPageSchema = pageOf(auditEventSchema).meta({ id: 'AuditPage' });

export const auditQuerySchema = z.strictObject({
  ...pageQuery,
  type: z.union([z.enum(AUDITED_EVENTS), z.array(z.enum(AUDITED_EVENTS)).max(AUDITED_EVENTS.length)]).optional(),
  node: nodeName.optional(),
  token: tokenId.optional(),
  since: timestamp.optional().meta({ description: 'from this moment on' }),
  until: timestamp.optional().meta({ description: 'before this moment' }),
  order: z.enum(['latest', 'oldest']).default('latest').meta({ description: 'which come first' }),
  by: prose(512).min(1).optional().meta({ description: "a token's name or id, agent:<id>, or system" }),
});
