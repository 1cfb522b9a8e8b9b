import { z } from 'zod';
import { nodeName, pageOf, pageQuery, timestamp } from './common.js';

export const nodeEventSchema = z
  .strictObject({
    id: z.string(),
    at: timestamp,
    type: z.string(),
    node: nodeName,
    uid: z.uuid(),
    by: z.string(),
    reason: z.string(),
    from: z.string().nullable().meta({ description: 'the address that the request came from' }),
  })
  .meta({ id: 'NodeEvent' });
export const nodeEventPageSchema = pageOf(nodeEventSchema).meta({ id: 'NodeEventPage' });
export const nodeEventListQuerySchema = z.strictObject(pageQuery);
