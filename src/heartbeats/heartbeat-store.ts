import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';

export interface Heartbeat {
  uid: string;
  /** When an api replica received it, by the api's clock. */
  lastSeen: EpochMs;
  bootId: string;
  /** Rises with every heartbeat of a boot. */
  seq: number;
  /**
   * The boot in the record is this one, which makes it cheap to write. Else this one may take the place of another boot,
   * which the record then keeps as an earlier one.
   */
  continuesBoot?: boolean;
  /** How soon the node was told to beat again, in milliseconds, jitter apart; absent where that is the configured interval. */
  intervalMs?: number | undefined;
  resources: Resources;
}

/** A boot that a later one took the place of, with the last heartbeat that came of it. */
export interface EarlierBoot {
  bootId: string;
  seq: number;
}

/** How many earlier boots of a node the record remembers. */
export const EARLIER_BOOTS = 8;

/** The last heartbeat of a node, and its goodbye where that came after it. */
export interface LastHeartbeat extends Omit<Heartbeat, 'continuesBoot'> {
  /** Of the node's present credential, the latest first. */
  earlierBoots: EarlierBoot[];
  saidGoodbyeAt?: EpochMs;
}

/** The last heartbeat of every living node. */
export abstract class HeartbeatStore {
  /**
   * Writes many at once: some thousands at most. One that is older than what is stored, or whose node does not live any more, changes nothing.
   * @returns those that changed nothing
   */
  abstract record(beats: readonly Heartbeat[]): Promise<Heartbeat[]>;

  /** Nodes that were never heard are absent. */
  abstract read(uids: readonly string[]): Promise<Map<string, LastHeartbeat>>;

  /** The agent stops on purpose. Ignored where a later boot has been heard. */
  abstract recordGoodbye(uid: string, bootId: string, at: EpochMs): Promise<void>;
}
