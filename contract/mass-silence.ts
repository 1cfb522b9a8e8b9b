/** When nodes that fall silent together are a mass silence. See docs/adr/0024. */
export interface MassSilenceRule {
  /** More than this share of the beating nodes, from 0 to 1; 1 turns the rule off. */
  share: number;
  /** And at least this many nodes. */
  atLeast: number;
}

/** How many nodes are silent, out of those that were beating when the silence began or have beaten since. */
export interface Silence {
  silent: number;
  beating: number;
}

export function isMassSilence({ silent, beating }: Silence, { share, atLeast }: MassSilenceRule): boolean {
  return silent >= atLeast && silent > share * beating;
}

/** Whether at least half of the maximum number of silent nodes are heard again, and the rest would be no mass silence. */
export function isOver(now: Silence, mostSilent: number, rule: MassSilenceRule): boolean {
  return now.silent * 2 <= mostSilent && !isMassSilence(now, rule);
}
