import { z } from 'zod';
import { ALERT_KINDS, ALERT_PHASES } from '../alerts.js';
import { SEVERITIES } from '../severity.js';
import { labels, nodeName, oneOrMore, pageOf, pageQuery, timestamp } from './common.js';

export const alertSchema = z
  .strictObject({
    id: z.string().meta({ description: 'webhooks are told it with both phases' }),
    kind: z.enum(ALERT_KINDS),
    severity: z.enum(SEVERITIES),
    phase: z.enum(ALERT_PHASES),
    subject: z.string().meta({ description: 'what it is about: a node, a token, the fleet' }),
    node: nodeName.nullable().meta({ description: 'null where it is about no node' }),
    labels: labels.meta({ description: "the node's, as they were when it was raised" }),
    summary: z.string(),
    since: timestamp.meta({ description: 'since when it is so; it was raised once that had lasted' }),
    raisedAt: timestamp,
    overSince: timestamp
      .nullable()
      .meta({ description: 'since when it is so no more; it is cleared once that has lasted. null while it is so' }),
    clearedAt: timestamp.nullable(),
  })
  .meta({ id: 'Alert' });
export type AlertView = z.infer<typeof alertSchema>;

export const alertPageSchema = pageOf(alertSchema).meta({ id: 'AlertPage' });

export const alertListQuerySchema = z.strictObject({
  ...pageQuery,
  phase: z
    .enum(ALERT_PHASES)
    .optional()
    .meta({ description: 'only those that are raised still, or those that were cleared within 90 days; absent: both' }),
  kind: oneOrMore(z.enum(ALERT_KINDS)),
});
