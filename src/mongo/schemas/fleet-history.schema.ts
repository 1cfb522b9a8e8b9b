import { Schema } from 'mongoose';
import type { FleetCounts } from '../../../contract/fleet-state.js';
import { SCHEMA_OPTIONS } from './schema-options.js';

export const FLEET_HISTORY = 'fleethistory';

/** Number of nodes in each state, recorded once a minute. */
export interface FleetHistoryDocument {
  /** Minutes since 1970: of several replicas that count the same minute, the first insert wins. */
  _id: number;
  at: Date;
  states: FleetCounts;
}

const WEEK_S = 7 * 86_400;

export const fleetHistoryDocumentSchema = new Schema<FleetHistoryDocument>(
  {
    _id: { type: Number, required: true },
    at: { type: Date, required: true },
    // Counts by state; mixed, since later versions may have other states.
    states: { type: Schema.Types.Mixed, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: FLEET_HISTORY },
);

fleetHistoryDocumentSchema.index({ at: 1 }, { expireAfterSeconds: WEEK_S });
