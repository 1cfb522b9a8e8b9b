import type { FleetCounts, RecordedNode } from '../../contract/fleet-state.js';
import type { EpochMs } from '../../contract/states.js';

/** As much of a compute node as a picture of the fleet shows. */
export interface FleetNode extends RecordedNode {
  name: string;
  copied: boolean;
  labels: readonly { key: string; value: string }[];
  /** 0 where it was never heard. */
  lastSeen: EpochMs;
  /** How soon it was told to beat again, in milliseconds, where that is not the configured interval. */
  intervalMs?: number | undefined;
  /** As it last reported, in percent; null where it has not. */
  used: { cpu: number; memory: number } | null;
}

/** How many nodes were in which state. */
export interface FleetPoint {
  at: EpochMs;
  states: FleetCounts;
}

export abstract class FleetStore {
  /** All that live. It looks at each: not for what is asked for all the time. */
  abstract nodes(): Promise<FleetNode[]>;

  /** @param minute since 1970 */
  abstract isRecorded(minute: number): Promise<boolean>;

  /** Kept for a week, where nobody has recorded that minute yet. */
  abstract record(minute: number, point: FleetPoint): Promise<void>;

  /** The earliest first. */
  abstract points(from: EpochMs): Promise<FleetPoint[]>;
}
