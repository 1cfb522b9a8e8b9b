import type { FleetCounts, RecordedNode } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';

/** The fields of a compute node that the picture of the fleet shows. */
export interface FleetNode extends RecordedNode {
  name: string;
  copied: boolean;
  labels: readonly { key: string; value: string }[];
  /** 0 where it was never heard. */
  lastSeen: EpochMs;
  /** The interval that it was told, in milliseconds, where it differs from the configured one. */
  intervalMs?: number | undefined;
  /** Usage in its last report, in percent; null where there is none. */
  used: { cpu: number; memory: number } | null;
}

/** Number of nodes in each state. */
export interface FleetPoint {
  at: EpochMs;
  states: FleetCounts;
}

export abstract class FleetStore {
  /** All living compute nodes. Reads each document, so callers have to cache it. */
  abstract nodes(): Promise<FleetNode[]>;

  /** @param minute minutes since 1970 */
  abstract isRecorded(minute: number): Promise<boolean>;

  /** Records the minute for a week, unless it is recorded already. */
  abstract record(minute: number, point: FleetPoint): Promise<void>;

  /** Points since `from`, earliest first. */
  abstract points(from: EpochMs): Promise<FleetPoint[]>;
}
