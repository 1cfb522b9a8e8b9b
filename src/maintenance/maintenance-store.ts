import type { MAINTENANCE_STATES } from '../../contract/schemas/maintenance.js';
import type { EpochMs } from '../../contract/states.js';
import type { Page, PageRequest } from '../http/page.js';

/** Nodes that are out, or will be, by the same word, for the same reason and until the same moment. */
export interface MaintenanceRecord {
  id: string;
  state: (typeof MAINTENANCE_STATES)[number];
  at: EpochMs;
  until: EpochMs | null;
  by: string;
  reason: string;
  /** The drain set's id; null where each node does it by itself. */
  drain: string | null;
  nodes: { count: number; names: string[] };
}

export interface MaintenanceQuery extends PageRequest {
  state?: MaintenanceRecord['state'] | undefined;
}

export abstract class MaintenanceStore {
  /** What is planned, and what ends by itself, by when it begins. @throws BadCursor */
  abstract list(query: MaintenanceQuery, now: EpochMs): Promise<Page<MaintenanceRecord>>;
}
