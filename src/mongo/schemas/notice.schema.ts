import { Schema } from 'mongoose';
import { ALERT_KINDS, ALERT_PHASES } from '../../../contract/alerts.js';
import { SEVERITIES } from '../../../contract/severity.js';
import type { AlertNotice } from '../../webhooks/webhook-record.js';
import { PART_OPTIONS } from './schema-options.js';

/** With labels as a list, since their keys may contain dots. */
export interface StoredNotice extends Omit<AlertNotice, 'labels'> {
  labels: { key: string; value: string }[];
}

export const noticeSchema = new Schema<StoredNotice>(
  {
    alert: { type: String, required: true },
    kind: { type: String, enum: [...ALERT_KINDS, 'Test'], required: true },
    phase: { type: String, enum: ALERT_PHASES, required: true },
    severity: { type: String, enum: SEVERITIES, required: true },
    at: { type: Number, required: true },
    since: { type: Number, required: true },
    node: {
      type: new Schema({ uid: { type: String, required: true }, name: { type: String, required: true } }, PART_OPTIONS),
      default: null,
    },
    labels: {
      type: [new Schema({ key: { type: String, required: true }, value: { type: String, default: '' } }, PART_OPTIONS)],
      default: [],
    },
    summary: { type: String, required: true },
  },
  PART_OPTIONS,
);

export function storedNotice({ labels, ...notice }: AlertNotice): StoredNotice {
  return { ...notice, labels: Object.entries(labels).map(([key, value]) => ({ key, value })) };
}

export function toNotice({ labels, ...notice }: StoredNotice): AlertNotice {
  return { ...notice, labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) };
}
