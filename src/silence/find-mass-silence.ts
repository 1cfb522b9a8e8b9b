import { isMassSilence, type MassSilenceRule, type Silence } from '../../contract/mass-silence.js';
import type { EpochMs } from '../../contract/states.js';

/**
 * Finds the first span of `timeoutMs` in which enough nodes fell silent to make a mass silence; undefined where there is none.
 * @param lastHeard last heartbeats of the silent nodes, earliest first
 * @param heardLater number of nodes that were heard after all of these
 * @returns all nodes that have been silent since it began, including those that fell silent later
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
