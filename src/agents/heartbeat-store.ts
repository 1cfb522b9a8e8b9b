import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';

export interface Heartbeat {
  uid: string;
  /** When an api replica received it, by the api's clock. */
  lastSeen: EpochMs;
  bootId: string;
  /** Rises with every heartbeat of a boot. */
  seq: number;
  resources: Resources;
}

/** The last heartbeat of a node, and its goodbye where that came after it. */
export interface LastHeartbeat extends Heartbeat {
  saidGoodbyeAt?: EpochMs;
}

/** The last heartbeat of every living node. */
export abstract class HeartbeatStore {
  /**
   * Writes many at once. One that is older than what is stored, or whose node does not live any more, changes nothing.
   */
  abstract record(beats: readonly Heartbeat[]): Promise<void>;

  /** Nodes that were never heard are absent. */
  abstract read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>>;

  /** The agent stops on purpose. Ignored where a later boot has been heard. */
  abstract recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void>;
}
