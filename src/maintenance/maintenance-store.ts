import type { MAINTENANCE_STATES, MaintenanceView } from '../../contract/schemas/maintenance.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** An entry of the calendar: nodes that are or will be out by the same author, for the same reason and until the same time; or an opening of a window. */
export interface MaintenanceRecord {
  id: string;
  state: (typeof MAINTENANCE_STATES)[number];
  at: EpochMs;
  until: EpochMs | null;
  by: string;
  reason: string;
  /** The drain set's id; null for plans of single nodes. */
  drain: string | null;
  /** The maintenance window that opens, and the sets that wait for it; null for other entries. */
  window: MaintenanceView['window'];
  nodes: { count: number; names: string[] };
}

export interface MaintenanceQuery extends PageRequest {
  state?: MaintenanceRecord['state'] | undefined;
}

export abstract class MaintenanceStore {
  /** Plans, ends and openings of windows, in order of their beginning. @throws BadCursor */
  abstract list(query: MaintenanceQuery, now: EpochMs): Promise<Page<MaintenanceRecord>>;
}
