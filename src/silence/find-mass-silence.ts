import { isMassSilence, type MassSilenceRule, type Silence } from '../../contract/mass-silence.js';
import type { EpochMs } from '../../contract/states.js';

/**
 * The first time span of this length in which so many nodes fell silent that they make a mass silence; undefined where none is.
 * @param lastHeard when each silent node was last heard, the earliest first
 * @param heardLater nodes that were heard after all of these
 * @returns all that have been silent since it began, though some fell silent later
 */
export function findMassSilence(
  lastHeard: readonly EpochMs[],
  heardLater: number,
  spanMs: number,
  rule: MassSilenceRule,
): (Silence & { since: EpochMs }) | undefined {
  let first = 0;
  for (const [last, at] of lastHeard.entries()) {
    while (at - (lastHeard[first] ?? at) >= spanMs) first += 1;
    const silentSince = lastHeard.length - first;
    const beating = silentSince + heardLater;
    if (isMassSilence({ silent: last - first + 1, beating }, rule))
      return { since: lastHeard[first] ?? at, silent: silentSince, beating };
  }
  return undefined;
}
