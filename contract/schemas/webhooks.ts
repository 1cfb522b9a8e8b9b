import { z } from 'zod';
import { ALERT_KINDS, ALERT_PHASES } from '../alerts.js';
import { SEVERITIES } from '../severity.js';
import { DELIVERY_STATES, WEBHOOK_FORMS } from '../webhooks.js';
import { count, labelQuery, lifetime, nodeName, pageOf, pageQuery, prose, timestamp } from './common.js';

export const webhookId = z.string().regex(/^[a-z0-9]{1,32}$/, 'lower-case letters and digits');
export const deliveryId = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'letters, digits, hyphens and underscores');

const receiver = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine((text) => !/^https?:\/\/[^/?#]*@/.test(text), 'it names no user');

const standardSecret = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

const name = prose(64).min(1).meta({ description: 'what people call it' });
const url = receiver.meta({ description: 'where it is told; it may be secret, and is not shown again' });
const secretText = prose(128).min(16);
const kinds = z.array(z.enum(ALERT_KINDS)).max(ALERT_KINDS.length).meta({ description: 'empty: all alerts' });
const labels = z.array(labelQuery).max(16).meta({
  description: 'only of nodes that have all of these; empty: of all, and of what belongs to no node',
});
const severity = z.enum(SEVERITIES).meta({ description: 'at least so severe' });

export const createWebhookRequestSchema = z
  .strictObject({
    ...{ name, url },
    form: z.enum(WEBHOOK_FORMS).default('cloudevents').meta({ description: 'what bodies look like' }),
    secret: secretText.optional().meta({
      description:
        'for `pagerduty` the routing key; else by what bodies are signed, written as Standard Webhooks have it (`whsec_…`), or absent: one is made',
    }),
    kinds: kinds.default([]),
    labels: labels.default([]),
    severity: severity.default('info'),
  })
  .superRefine(({ form, secret }, context) => {
    if (form === 'pagerduty' && secret === undefined)
      context.addIssue({ code: 'custom', path: ['secret'], message: 'PagerDuty is told by a routing key' });
    if (form !== 'pagerduty' && secret !== undefined && !standardSecret.test(secret))
      context.addIssue({ code: 'custom', path: ['secret'], message: 'whsec_ and base64 of at least 24 bytes' });
  })
  .meta({ id: 'CreateWebhookRequest' });

export const patchWebhookRequestSchema = z
  .strictObject({
    name: name.optional(),
    url: url.optional(),
    secret: secretText.optional().meta({
      description:
        'the routing key, of `pagerduty` only: another address needs it again. To change a signing secret, rotate it',
    }),
    kinds: kinds.optional(),
    labels: labels.optional(),
    severity: severity.optional(),
  })
  .meta({ id: 'PatchWebhookRequest' });

export const rotateWebhookSecretRequestSchema = z
  .strictObject({
    overlap: lifetime('24h', '0s', '30d').meta({
      description: 'how long bodies are signed with the former secret, too',
    }),
  })
  .meta({ id: 'RotateWebhookSecretRequest' });

export const webhookSchema = z
  .strictObject({
    id: webhookId,
    name: z.string(),
    url: z.string().meta({ description: 'its beginning: the rest may be secret' }),
    form: z.enum(WEBHOOK_FORMS),
    kinds: z.array(z.enum(ALERT_KINDS)),
    labels: z.array(z.string()),
    severity: z.enum(SEVERITIES),
    createdAt: timestamp,
    createdBy: z.string(),
    formerUntil: timestamp.nullable().meta({
      description:
        'until then bodies are signed with the secret of before the latest rotation, too; null: they are not',
    }),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.infer<typeof webhookSchema>;

export const createWebhookResponseSchema = z
  .strictObject({
    webhook: webhookSchema,
    secret: z.string().nullable().meta({ description: 'shown once; null where you brought it' }),
  })
  .meta({ id: 'CreateWebhookResponse' });

export const webhookPageSchema = pageOf(webhookSchema).meta({ id: 'WebhookPage' });

export const deliverySchema = z
  .strictObject({
    id: deliveryId.meta({ description: 'the webhook-id: the same whenever it is tried' }),
    at: timestamp,
    state: z.enum(DELIVERY_STATES),
    alert: z.strictObject({
      kind: z.enum([...ALERT_KINDS, 'Test']),
      phase: z.enum(ALERT_PHASES),
      severity: z.enum(SEVERITIES),
      summary: z.string(),
    }),
    node: nodeName.nullable(),
    attempts: count,
    lastAttemptAt: timestamp.nullable(),
    answer: z.string().meta({ description: 'to the last attempt, in a few words' }),
    nextAttemptAt: timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryView = z.infer<typeof deliverySchema>;

export const deliveryPageSchema = pageOf(deliverySchema).meta({ id: 'WebhookDeliveryPage' });
export const deliveryListQuerySchema = z.strictObject({ ...pageQuery, state: z.enum(DELIVERY_STATES).optional() });
