/** When so many nodes fall silent together that the cause is likelier before the api than in them. */
export interface MassSilenceRule {
  /** More than this part of the nodes that beat, from 0 to 1; 1 is never. */
  share: number;
  /** And at least so many nodes. */
  atLeast: number;
}

/** How many nodes are silent, of how many that beat when the silence began or have since. */
export interface Silence {
  silent: number;
  beating: number;
}

export function isMassSilence({ silent, beating }: Silence, { share, atLeast }: MassSilenceRule): boolean {
  return silent >= atLeast && silent > share * beating;
}

/** Most of those that were silent are heard again, and the rest would make no mass silence by themselves. */
export function isOver(now: Silence, mostSilent: number, rule: MassSilenceRule): boolean {
  return now.silent * 2 <= mostSilent && !isMassSilence(now, rule);
}
