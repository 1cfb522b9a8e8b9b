import { Schema } from 'mongoose';
import type { DeviceLoginRecord } from '../../auth/people/device-login-store.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const DEVICE_LOGINS = 'devicelogins';

export interface DeviceLoginDocument extends Omit<DeviceLoginRecord, 'id' | 'expiresAt'> {
  /** Hash of the handle. */
  _id: string;
  expiresAt: Date;
}

export const deviceLoginDocumentSchema = new Schema<DeviceLoginDocument>(
  {
    _id: { type: String, required: true },
    from: { type: String, required: true },
    sealed: { type: String },
    pollEveryS: { type: Number, required: true },
    nextPollAt: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: DEVICE_LOGINS },
);

deviceLoginDocumentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
deviceLoginDocumentSchema.index({ from: 1, expiresAt: 1 });
