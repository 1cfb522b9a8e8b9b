/** A number from 0 to less than 1: Math.random, unless a test wants to know beforehand. */
export type Random = () => number;

/** `ms` give or take `share` of it, so that agents that started together do not stay together. */
export function jittered(ms: number, share: number, random: Random): number {
  return ms * (1 + share * (2 * random() - 1));
}
