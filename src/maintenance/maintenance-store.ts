import type { MAINTENANCE_STATES, MaintenanceView } from '../../contract/schemas/maintenance.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** Nodes that are out, or will be, by the same word, for the same reason and until the same moment; or one opening of a maintenance window. */
export interface MaintenanceRecord {
  id: string;
  state: (typeof MAINTENANCE_STATES)[number];
  at: EpochMs;
  until: EpochMs | null;
  by: string;
  reason: string;
  /** The drain set's id; null where each node does it by itself. */
  drain: string | null;
  /** The maintenance window that opens then, and who waits for it; null where it is none. */
  window: MaintenanceView['window'];
  nodes: { count: number; names: string[] };
}

export interface MaintenanceQuery extends PageRequest {
  state?: MaintenanceRecord['state'] | undefined;
}

export abstract class MaintenanceStore {
  /** What is planned, what ends by itself and when maintenance windows are open, by when it begins. @throws BadCursor */
  abstract list(query: MaintenanceQuery, now: EpochMs): Promise<Page<MaintenanceRecord>>;
}
