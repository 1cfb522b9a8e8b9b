import { Schema } from 'mongoose';
import { ALERT_KINDS } from '../../../contract/alerts.js';
import { SEVERITIES } from '../../../contract/severity.js';
import { WEBHOOK_FORMS } from '../../../contract/webhooks.js';
import type { WebhookRecord } from '../../webhooks/webhook-record.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const WEBHOOKS = 'webhooks';

export interface WebhookDocument extends Omit<WebhookRecord, 'id'> {
  _id: string;
}

export const webhookDocumentSchema = new Schema<WebhookDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    url: { type: String, required: true },
    form: { type: String, enum: WEBHOOK_FORMS, required: true },
    secret: { type: String, required: true },
    former: { secret: String, until: Number },
    kinds: { type: [{ type: String, enum: ALERT_KINDS }], required: true },
    labels: { type: [String], required: true },
    severity: { type: String, enum: SEVERITIES, required: true },
    createdAt: { type: Number, required: true },
    createdBy: { type: String, required: true },
    owed: { type: Boolean },
  },
  { ...SCHEMA_OPTIONS, collection: WEBHOOKS },
);
