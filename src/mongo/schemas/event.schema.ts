import { Schema } from 'mongoose';
import { FLEET_EVENTS, TOKEN_EVENTS, TOKEN_REFUSED, type EventType } from '../../../contract/audit.js';
import { NODE_EVENTS } from '../../../contract/lifecycle.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const EVENTS = 'events';

/** An event: inserted once, never changed, deleted when its retention ends. */
export interface EventDocument {
  _id: string;
  uid: string | null;
  node: string | null;
  token?: string | null;
  at: number;
  type: EventType;
  by: string;
  byId?: string | null;
  reason: string;
  from: string | null;
  /** Present once every audit sink has it; absent where there are no sinks. */
  exported?: true;
}

export const eventDocumentSchema = new Schema<EventDocument>(
  {
    _id: { type: String, required: true },
    uid: { type: String, default: null },
    node: { type: String, default: null },
    token: { type: String, default: null },
    at: { type: Number, required: true },
    type: { type: String, enum: [...NODE_EVENTS, ...TOKEN_EVENTS, ...FLEET_EVENTS, TOKEN_REFUSED], required: true },
    by: { type: String, required: true },
    byId: { type: String, default: null },
    reason: { type: String, default: '' },
    from: { type: String, default: null },
    exported: { type: Boolean, enum: [true] },
  },
  { ...SCHEMA_OPTIONS, collection: EVENTS },
);

eventDocumentSchema.index({ uid: 1, at: -1, _id: -1 });
// For the audit: events of some types, of all nodes or of one token.
eventDocumentSchema.index({ type: 1, at: -1, _id: -1 });
eventDocumentSchema.index({ token: 1, at: -1, _id: -1 }, { partialFilterExpression: { token: { $type: 'string' } } });
// Events that the sinks lack, oldest first.
eventDocumentSchema.index({ exported: 1, at: 1 });
