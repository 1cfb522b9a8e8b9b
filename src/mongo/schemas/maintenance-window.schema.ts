import { Schema } from 'mongoose';
import type { MaintenanceWindow } from '../../record/maintenance-window.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const MAINTENANCE_WINDOWS = 'maintenancewindows';

export interface MaintenanceWindowDocument extends Omit<MaintenanceWindow, 'name'> {
  /** Its name. */
  _id: string;
  /** Grows whenever something comes to rely on it, so that it is not removed at the same moment. */
  relied: number;
}

export const maintenanceWindowDocumentSchema = new Schema<MaintenanceWindowDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    labels: { type: [String], required: true },
    cron: { type: String, required: true },
    timeZone: { type: String, required: true },
    durationMs: { type: Number, required: true },
    blackouts: { type: [String], required: true },
    description: { type: String, default: '' },
    createdAt: { type: Number, required: true },
    createdBy: { type: String, required: true },
    opened: new Schema({ at: { type: Number, required: true }, until: { type: Number, required: true } }, PART_OPTIONS),
    scheduled: {
      type: new Schema(
        {
          version: { type: Number, required: true },
          openings: { type: [Number], required: true },
          problem: { type: String, default: '' },
        },
        PART_OPTIONS,
      ),
      required: true,
    },
    relied: { type: Number, default: 0 },
  },
  { ...SCHEMA_OPTIONS, collection: MAINTENANCE_WINDOWS },
);
