import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';

export interface Heartbeat {
  uid: string;
  /** When an api replica received it, by MongoDB's clock. */
  lastSeen: EpochMs;
  bootId: string;
  /** Increases with every heartbeat of a boot. */
  seq: number;
  /** Whether the record is known to have this boot, which makes the write cheap. Otherwise it may replace a boot, which is kept as an earlier one. */
  continuesBoot?: boolean;
  /** The interval that the node was told, in milliseconds, without jitter; absent where it is the configured one. */
  intervalMs?: number | undefined;
  resources: Resources;
}

/** A boot that a later one has replaced, with its last heartbeat. */
export interface EarlierBoot {
  bootId: string;
  seq: number;
}

/** Number of earlier boots of a node that the record keeps. */
export const EARLIER_BOOTS = 8;

/** The last heartbeat of a node, and its goodbye, if that came later. */
export interface LastHeartbeat extends Omit<Heartbeat, 'continuesBoot'> {
  /** Earlier boots under the node's present credential, latest first. */
  earlierBoots: EarlierBoot[];
  saidGoodbyeAt?: EpochMs;
}

/** The last heartbeat of every living node. */
export abstract class HeartbeatStore {
  /**
   * Writes up to a few thousand heartbeats at once. One that is older than the stored one, or whose node is removed, changes nothing.
   * @returns the heartbeats that changed nothing
   */
  abstract record(beats: readonly Heartbeat[]): Promise<Heartbeat[]>;

  /** The last heartbeats by uid, without nodes that were never heard. */
  abstract read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>>;

  /** Records that the agent stops on purpose. Ignored where a later boot has been heard. */
  abstract recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void>;
}
