import type { EpochMs } from '../../contract/states.js';
import type { LastBeat } from './standing-store.js';

/**
 * How a heartbeat relates to the previous one: the next of the same boot, the first of a new boot, one that came too late, or one of a boot that
 * another has replaced. A restarted machine never returns to an earlier boot: only a second machine with the same identity does.
 */
export type BootVerdict = 'next' | 'new boot' | 'stale' | 'returned';

/** @param beat.at when this heartbeat arrived, before anything was asked about its node */
export function bootVerdict(
  known: LastBeat | undefined,
  beat: { bootId: string; seq: number; at: EpochMs },
): BootVerdict {
  if (known === undefined) return 'new boot';
  if (known.bootId === beat.bootId) return known.seq >= beat.seq ? 'stale' : 'next';
  const earlier = known.earlierBoots.find(({ bootId }) => bootId === beat.bootId);
  if (earlier === undefined) return 'new boot';
  // A replay, or a delayed heartbeat from before the machine's restart.
  return earlier.seq >= beat.seq || beat.at < known.lastSeen ? 'stale' : 'returned';
}
