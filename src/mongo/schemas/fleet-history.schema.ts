import { Schema } from 'mongoose';
import type { FleetCounts } from '../../../contract/fleet-state.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const FLEET_HISTORY = 'fleethistory';

/** How many nodes were in which state, once a minute. */
export interface FleetHistoryDocument {
  /** The minute, since 1970: of several replicas that count it, the first has written it. */
  _id: number;
  at: Date;
  states: FleetCounts;
}

const WEEK_S = 7 * 86_400;

export const fleetHistoryDocumentSchema = new Schema<FleetHistoryDocument>(
  {
    _id: { type: Number, required: true },
    at: { type: Date, required: true },
    // States by name, of which later versions may have others.
    states: { type: Schema.Types.Mixed, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: FLEET_HISTORY },
);

fleetHistoryDocumentSchema.index({ at: 1 }, { expireAfterSeconds: WEEK_S });
