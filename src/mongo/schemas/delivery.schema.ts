import { Schema } from 'mongoose';
import { DELIVERY_STATES } from '../../../contract/webhooks.js';
import type { DeliveryRecord } from '../../webhooks/webhook-record.js';
import { noticeSchema, type StoredNotice } from './notice.schema.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const DELIVERIES = 'webhookdeliveries';

export interface DeliveryDocument extends Omit<DeliveryRecord, 'id' | 'notice'> {
  _id: string;
  notice: StoredNotice;
  /** Present until the workflow has been told. */
  untold?: true;
  /** Present while delivery is pending. */
  waits?: true;
  /** `endedAt` again, as a date for the TTL index. */
  endedOn?: Date;
}

const KEPT_S = 30 * 86_400;

export const deliveryDocumentSchema = new Schema<DeliveryDocument>(
  {
    _id: { type: String, required: true },
    webhook: { type: String, required: true },
    about: { type: String, required: true },
    at: { type: Number, required: true },
    notice: { type: noticeSchema, required: true },
    state: { type: String, enum: DELIVERY_STATES, required: true },
    attempts: { type: Number, required: true },
    nextAttemptAt: { type: Number, required: true },
    until: { type: Number, required: true },
    lastAttemptAt: { type: Number, default: null },
    answer: { type: String, default: '' },
    endedAt: { type: Number, default: null },
    untold: { type: Boolean, enum: [true] },
    waits: { type: Boolean, enum: [true] },
    endedOn: Date,
  },
  { ...SCHEMA_OPTIONS, collection: DELIVERIES },
);

// Pending deliveries of a webhook: their number, and the first of each line.
deliveryDocumentSchema.index({ webhook: 1, about: 1, at: 1, _id: 1 }, { partialFilterExpression: { waits: true } });
deliveryDocumentSchema.index({ waits: 1 }, { partialFilterExpression: { waits: true } });
deliveryDocumentSchema.index({ untold: 1 }, { partialFilterExpression: { untold: true } });
deliveryDocumentSchema.index({ webhook: 1, at: -1, _id: -1 });
deliveryDocumentSchema.index({ endedOn: 1 }, { expireAfterSeconds: KEPT_S });
