import { Schema } from 'mongoose';
import { NODE_EVENTS, type NodeEventType } from '../../../contract/lifecycle.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const EVENTS = 'events';

/** Only ever inserted. */
export interface EventDocument {
  _id: string;
  uid: string;
  node: string;
  at: number;
  type: NodeEventType;
  by: string;
  reason: string;
  from: string | null;
}

export const eventSchema = new Schema<EventDocument>(
  {
    _id: { type: String, required: true },
    uid: { type: String, required: true },
    node: { type: String, required: true },
    at: { type: Number, required: true },
    type: { type: String, enum: NODE_EVENTS, required: true },
    by: { type: String, required: true },
    reason: { type: String, default: '' },
    from: { type: String, default: null },
  },
  { ...SCHEMA_OPTIONS, collection: EVENTS },
);

eventSchema.index({ uid: 1, at: -1, _id: -1 });
